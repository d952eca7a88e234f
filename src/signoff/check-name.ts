/** The check that carries the verdict: the check flow writes it, rulesets require it, and the deploy flow asks for it. */
export const signoffCheck = "lockkeeper/signoff";

/** The check of a pull request that edits the configuration. */
export const configCheck = "lockkeeper/config";
