/** Everything that can happen to a repository and its images, by how often it does. */

import type { Action } from "./action.ts";
import { renameBase, revertByGit, revertByHand, rewriteBase } from "./base-actions.ts";
import {
  addImage,
  bringFile,
  changeConfig,
  commentBehind,
  deleteFile,
  editReadme,
  insertComment,
  removeComment,
  removeImage,
  renameFile,
  setVersion,
} from "./file-actions.ts";
import {
  askRebase,
  closePull,
  deleteBranch,
  discardEdits,
  holdPull,
  mergePull,
  pushComment,
  pushVersion,
  reopenPull,
  resetBranch,
  resumePull,
  updateBranch,
} from "./pull-actions.ts";
import { deleteTag, moveTag, moveTagBack, pushNoise, pushOldTag, pushTag } from "./registry-actions.ts";

const nothing: Action = async () => "nothing happens";

/** By how often each is chosen. */
export const actions: readonly { readonly weight: number; readonly action: Action }[] = [
  { weight: 2, action: nothing },
  { weight: 9, action: pushTag },
  { weight: 1, action: pushOldTag },
  { weight: 1, action: pushNoise },
  { weight: 2, action: deleteTag },
  { weight: 3, action: moveTag },
  { weight: 1, action: moveTagBack },
  { weight: 4, action: insertComment },
  { weight: 2, action: removeComment },
  { weight: 2, action: commentBehind },
  { weight: 4, action: setVersion },
  { weight: 3, action: addImage },
  { weight: 2, action: removeImage },
  { weight: 2, action: renameFile },
  { weight: 1, action: deleteFile },
  { weight: 1, action: bringFile },
  { weight: 2, action: changeConfig },
  { weight: 2, action: editReadme },
  { weight: 8, action: mergePull },
  { weight: 4, action: closePull },
  { weight: 2, action: reopenPull },
  { weight: 2, action: pushComment },
  { weight: 1, action: pushVersion },
  { weight: 1, action: updateBranch },
  { weight: 1, action: resetBranch },
  { weight: 1, action: deleteBranch },
  { weight: 1, action: askRebase },
  { weight: 2, action: discardEdits },
  { weight: 2, action: holdPull },
  { weight: 2, action: resumePull },
  { weight: 3, action: revertByHand },
  { weight: 4, action: revertByGit },
  { weight: 2, action: rewriteBase },
  { weight: 1, action: renameBase },
];

/** What people do to the very thing that the product may be at. */
export const interfering: readonly Action[] = [
  pushComment,
  pushVersion,
  closePull,
  mergePull,
  deleteBranch,
  setVersion,
  insertComment,
  rewriteBase,
];
