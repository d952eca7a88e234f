/** Where custom resources name images: one line for each kind, by API group, as its operator documents it. */

import type { KindPaths } from "./kind-paths.ts";

/** What an Argo Workflows template, and each step that is written in place, runs. https://argo-workflows.readthedocs.io/en/latest/fields/#template */
const argoTemplate = (at: string): readonly string[] =>
  [at, `${at}.steps[][].inline`, `${at}.dag.tasks[].inline`].flatMap((template) => [
    `${template}.container.image`,
    `${template}.script.image`,
    `${template}.initContainers[].image`,
    `${template}.sidecars[].image`,
    `${template}.containerSet.containers[].image`,
  ]);

const argoWorkflow = (at: string): readonly string[] => [
  ...argoTemplate(`${at}.templates[]`),
  ...argoTemplate(`${at}.templateDefaults`),
];

/** https://tekton.dev/docs/pipelines/tasks/ */
const tektonTask = (at: string): readonly string[] => [
  `${at}.steps[].image`,
  `${at}.sidecars[].image`,
  `${at}.stepTemplate.image`,
];

const tektonPipeline = (at: string): readonly string[] => [
  ...tektonTask(`${at}.tasks[].taskSpec`),
  ...tektonTask(`${at}.finally[].taskSpec`),
];

/** https://numaflow.numaproj.io/user-guide/ */
const numaflowVertex = (at: string): readonly string[] => [
  `${at}.udf.container.image`,
  `${at}.source.udsource.container.image`,
  `${at}.source.transformer.container.image`,
  `${at}.sink.udsink.container.image`,
  `${at}.sink.fallback.udsink.container.image`,
];

const template = "spec.template.spec";

const argo: readonly KindPaths[] = [
  { group: "argoproj.io", kinds: ["Rollout"], paths: [template] },
  {
    group: "argoproj.io",
    kinds: ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"],
    paths: argoWorkflow("spec"),
  },
  { group: "argoproj.io", kinds: ["CronWorkflow"], paths: argoWorkflow("spec.workflowSpec") },
  {
    group: "argoproj.io",
    kinds: ["AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"],
    paths: ["spec.metrics[].provider.job.spec.template.spec"],
  },
  { group: "argoproj.io", kinds: ["Experiment"], paths: ["spec.templates[].template.spec"] },
  { group: "argoproj.io", kinds: ["EventSource", "Sensor"], paths: ["spec.template.container.image"] },
  { group: "numaflow.numaproj.io", kinds: ["MonoVertex"], paths: numaflowVertex("spec") },
  { group: "numaflow.numaproj.io", kinds: ["Pipeline"], paths: numaflowVertex("spec.vertices[]") },
  {
    group: "numaplane.numaproj.io",
    kinds: ["MonoVertexRollout"],
    paths: numaflowVertex("spec.monoVertex.spec"),
  },
];

const tekton: readonly KindPaths[] = [
  { group: "tekton.dev", kinds: ["Task", "ClusterTask"], paths: tektonTask("spec") },
  { group: "tekton.dev", kinds: ["TaskRun"], paths: tektonTask("spec.taskSpec") },
  { group: "tekton.dev", kinds: ["Pipeline"], paths: tektonPipeline("spec") },
  { group: "tekton.dev", kinds: ["PipelineRun"], paths: tektonPipeline("spec.pipelineSpec") },
  { group: "tekton.dev", kinds: ["StepAction"], paths: ["spec.image"] },
  { group: "tekton.dev", kinds: ["Condition"], paths: ["spec.check.image"] },
];

const databases: readonly KindPaths[] = [
  {
    group: "postgresql.cnpg.io",
    kinds: ["Cluster"],
    paths: ["spec.imageName", "spec.postgresql.extensions[].image.reference"],
  },
  { group: "postgresql.cnpg.io", kinds: ["Pooler"], paths: [template] },
  {
    group: "postgresql.cnpg.io",
    kinds: ["ImageCatalog", "ClusterImageCatalog"],
    paths: ["spec.images[].image"],
  },
  {
    group: "postgres-operator.crunchydata.com",
    kinds: ["PostgresCluster"],
    paths: ["spec.image", "spec.backups.pgbackrest.image", "spec.proxy.pgBouncer.image"],
  },
  { group: "acid.zalan.do", kinds: ["postgresql"], paths: ["spec.dockerImage", "spec.sidecars[].image"] },
  { group: "k8s.mariadb.com", kinds: ["MariaDB"], paths: ["spec.image", "spec.metrics.exporter.image"] },
  { group: "mariadb.mmontes.io", kinds: ["MariaDB"], paths: ["spec.image", "spec.metrics.exporter.image"] },
  { group: "dragonflydb.io", kinds: ["Dragonfly"], paths: ["spec.image"] },
  { group: "minio.min.io", kinds: ["Tenant"], paths: ["spec.image"] },
  { group: "ceph.rook.io", kinds: ["CephCluster"], paths: ["spec.cephVersion.image"] },
  { group: "rabbitmq.com", kinds: ["RabbitmqCluster"], paths: ["spec.image"] },
  { group: "core.humio.com", kinds: ["HumioCluster"], paths: ["spec.image"] },
  { group: "solr.apache.org", kinds: ["SolrCloud"], paths: ["spec.solrImage", "spec.busyBoxImage"] },
  {
    group: "clickhouse.altinity.com",
    kinds: ["ClickHouseInstallation"],
    paths: ["spec.templates.podTemplates[].spec"],
  },
  {
    group: "clickhouse-keeper.altinity.com",
    kinds: ["ClickHouseKeeperInstallation"],
    paths: ["spec.templates.podTemplates[].spec"],
  },
];

/** `spec.kafka.version` is Kafka's own and no tag; `build.output.image` is what gets built. https://strimzi.io/docs/operators/latest/configuring.html */
const strimzi: readonly KindPaths[] = [
  {
    group: "kafka.strimzi.io",
    kinds: ["Kafka"],
    paths: [
      "spec.kafka.image",
      "spec.kafka.brokerRackInitImage",
      "spec.zookeeper.image",
      "spec.entityOperator.topicOperator.image",
      "spec.entityOperator.userOperator.image",
      "spec.entityOperator.tlsSidecar.image",
      "spec.cruiseControl.image",
      "spec.kafkaExporter.image",
    ],
  },
  {
    group: "kafka.strimzi.io",
    kinds: ["KafkaConnect", "KafkaMirrorMaker", "KafkaMirrorMaker2", "KafkaBridge"],
    paths: ["spec.image", "spec.clientRackInitImage"],
  },
];

/** What Elastic's operator runs is `version`, unless `image` is given: then both have to say the same. */
const elastic: readonly KindPaths[] = (
  [
    ["elasticsearch", "Elasticsearch", "elasticsearch/elasticsearch"],
    ["kibana", "Kibana", "kibana/kibana"],
    ["logstash", "Logstash", "logstash/logstash"],
    ["apm", "ApmServer", "apm/apm-server"],
    ["enterprisesearch", "EnterpriseSearch", "enterprise-search/enterprise-search"],
    ["agent", "Agent", "elastic-agent/elastic-agent"],
  ] as const
).map(([group, kind, image]) => ({
  group: `${group}.k8s.elastic.co`,
  kinds: [kind],
  paths: ["spec.version"],
  image: `docker.elastic.co/${image}`,
  override: "spec.image",
}));

const elasticPods: readonly KindPaths[] = [
  {
    group: "elasticsearch.k8s.elastic.co",
    kinds: ["Elasticsearch"],
    paths: ["spec.nodeSets[].podTemplate.spec"],
  },
  { group: "kibana.k8s.elastic.co", kinds: ["Kibana"], paths: ["spec.podTemplate.spec"] },
  {
    group: "beat.k8s.elastic.co",
    kinds: ["Beat"],
    paths: ["spec.image", "spec.daemonSet.podTemplate.spec", "spec.deployment.podTemplate.spec"],
  },
];

const monitoring: readonly KindPaths[] = [
  {
    group: "operator.victoriametrics.com",
    kinds: ["VMAgent", "VMAlert", "VMAlertmanager", "VMAuth", "VMSingle", "VLogs", "VLSingle"],
    paths: ["spec.image"],
  },
  {
    group: "operator.victoriametrics.com",
    kinds: ["VMCluster"],
    paths: ["spec.vmselect.image", "spec.vminsert.image", "spec.vmstorage.image"],
  },
  {
    group: "opentelemetry.io",
    kinds: ["OpenTelemetryCollector"],
    paths: ["spec.image", "spec.targetAllocator.image"],
  },
  { group: "opentelemetry.io", kinds: ["Instrumentation"], paths: ["spec.*.image"] },
  {
    group: "integreatly.org",
    kinds: ["Grafana"],
    paths: ["spec.baseImage", "spec.deployment.spec.template.spec"],
  },
  {
    group: "grafana.integreatly.org",
    kinds: ["Grafana"],
    paths: ["spec.deployment.spec.template.spec"],
  },
  {
    group: "grafana.integreatly.org",
    kinds: ["Grafana"],
    paths: ["spec.version"],
    image: "docker.io/grafana/grafana",
  },
];

/** In the order in which they are tried; a kind may have several lines. */
export const customKinds: readonly KindPaths[] = [
  ...argo,
  ...tekton,
  ...databases,
  ...strimzi,
  ...elastic,
  ...elasticPods,
  ...monitoring,
];
