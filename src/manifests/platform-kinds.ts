/** Where the custom resources of platforms name images: serving, training, virtual machines, packages and the like. */

import type { KindPaths } from "./kind-paths.ts";

const template = "spec.template.spec";

const running: readonly KindPaths[] = [
  { group: "serving.knative.dev", kinds: ["Service", "Configuration"], paths: [template] },
  { group: "serving.knative.dev", kinds: ["Revision"], paths: ["spec"] },
  { group: "sources.knative.dev", kinds: ["ContainerSource"], paths: [template] },
  { group: "keda.sh", kinds: ["ScaledJob"], paths: ["spec.jobTargetRef.template.spec"] },
  { group: "apps.openshift.io", kinds: ["DeploymentConfig"], paths: [template] },
  {
    group: "apps.kruise.io",
    kinds: ["CloneSet", "StatefulSet", "DaemonSet", "BroadcastJob"],
    paths: [template],
  },
  {
    group: "apps.kruise.io",
    kinds: ["AdvancedCronJob"],
    paths: [
      "spec.template.jobTemplate.spec.template.spec",
      "spec.template.broadcastJobTemplate.spec.template.spec",
    ],
  },
  { group: "core.spinkube.dev", kinds: ["SpinApp"], paths: ["spec.image"] },
  { group: "openfaas.com", kinds: ["Function"], paths: ["spec.image"] },
  { group: "actions.github.com", kinds: ["AutoscalingRunnerSet"], paths: [template] },
  {
    group: "gateway.envoyproxy.io",
    kinds: ["EnvoyProxy"],
    paths: [
      "spec.provider.kubernetes.envoyDeployment.container.image",
      "spec.provider.kubernetes.envoyDaemonSet.container.image",
    ],
  },
  { group: "extensions.istio.io", kinds: ["WasmPlugin"], paths: ["spec.url"] },
  {
    group: "kubevirt.io",
    kinds: ["VirtualMachine"],
    paths: ["spec.template.spec.volumes[].containerDisk.image"],
  },
  { group: "kubevirt.io", kinds: ["VirtualMachineInstance"], paths: ["spec.volumes[].containerDisk.image"] },
];

const learning: readonly KindPaths[] = [
  { group: "serving.kserve.io", kinds: ["ServingRuntime", "ClusterServingRuntime"], paths: ["spec"] },
  {
    group: "serving.kserve.io",
    kinds: ["InferenceService"],
    paths: ["spec.predictor", "spec.transformer", "spec.explainer"],
  },
  { group: "serving.kserve.io", kinds: ["ClusterStorageContainer"], paths: ["spec.container.image"] },
  {
    group: "serving.kserve.io",
    kinds: ["LLMInferenceService", "LLMInferenceServiceConfig"],
    paths: [
      "spec.template",
      "spec.worker",
      "spec.prefill.template",
      "spec.prefill.worker",
      "spec.router.scheduler.template",
    ],
  },
  { group: "kubeflow.org", kinds: ["Notebook"], paths: [template] },
  { group: "kubeflow.org", kinds: ["PyTorchJob"], paths: ["spec.pytorchReplicaSpecs.*.template.spec"] },
  { group: "kubeflow.org", kinds: ["TFJob"], paths: ["spec.tfReplicaSpecs.*.template.spec"] },
  { group: "kubeflow.org", kinds: ["MPIJob"], paths: ["spec.mpiReplicaSpecs.*.template.spec"] },
  {
    group: "trainer.kubeflow.org",
    kinds: ["TrainingRuntime", "ClusterTrainingRuntime"],
    paths: ["spec.template.spec.replicatedJobs[].template.spec.template.spec"],
  },
  {
    group: "jobset.x-k8s.io",
    kinds: ["JobSet"],
    paths: ["spec.replicatedJobs[].template.spec.template.spec"],
  },
  {
    group: "config.kubeflow.org",
    kinds: ["KatibConfig"],
    paths: [
      "runtime.suggestions[].image",
      "runtime.metricsCollectors[].image",
      "runtime.earlyStoppings[].image",
    ],
  },
  {
    group: "ray.io",
    kinds: ["RayCluster"],
    paths: ["spec.headGroupSpec.template.spec", "spec.workerGroupSpecs[].template.spec"],
  },
  {
    group: "sparkoperator.k8s.io",
    kinds: ["SparkApplication"],
    paths: ["spec.image", "spec.driver.image", "spec.executor.image"],
  },
  { group: "flink.apache.org", kinds: ["FlinkDeployment"], paths: ["spec.image"] },
];

const packages: readonly KindPaths[] = [
  { group: "pkg.crossplane.io", kinds: ["Provider", "Configuration", "Function"], paths: ["spec.package"] },
  { group: "operators.coreos.com", kinds: ["CatalogSource"], paths: ["spec.image"] },
  { group: "fluxcd.controlplane.io", kinds: ["FluxInstance"], paths: ["spec.distribution.artifact"] },
  { group: "kind.x-k8s.io", kinds: ["Cluster"], paths: ["nodes[].image"] },
  { group: "renovate-operator.mogenius.com", kinds: ["RenovateJob"], paths: ["spec.image"] },
  { group: "inference.llmkube.dev", kinds: ["InferenceService"], paths: ["spec.image"] },
  { group: "k8s.keycloak.org", kinds: ["Keycloak"], paths: ["spec.image"] },
];

export const platformKinds: readonly KindPaths[] = [...running, ...learning, ...packages];
