/** A plan without what differs from run to run and from machine to machine, and without what no reader asks for. */
interface Change {
  readonly change: { readonly actions: readonly string[]; readonly importing?: unknown };
  readonly previous_address?: string;
}
interface Configured {
  readonly provider_config?: Readonly<
    Record<string, { readonly expressions?: { readonly region?: unknown; readonly default_tags?: unknown } }>
  >;
  readonly root_module?: ConfiguredModule;
}
interface ConfiguredModule {
  readonly variables?: unknown;
  readonly resources?: readonly {
    readonly address: string;
    readonly provider_config_key?: string;
    readonly expressions?: Readonly<Record<string, unknown>>;
  }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfiguredModule }>>;
}
interface Planned {
  readonly plan: {
    readonly resource_changes?: readonly Change[];
    readonly configuration?: Configured;
    readonly [part: string]: unknown;
  };
  readonly paths: Record<string, string>;
}

const KEPT = [
  "format_version",
  "terraform_version",
  "variables",
  "resource_changes",
  "resource_drift",
  "planned_values",
  "output_changes",
  "checks",
  "errored",
  "complete",
];
const RANDOM_ID = /\b(?!ami-|from-)([a-z]+)-([0-9a-f]{17}|[0-9a-f]{8})\b/g;
const NEW_IMAGE = "ami-0f0e0d0c0b0a09080";

/** @param image id of the image that was made for the scenarios; every other random id is counted in the order it comes */
export function trimmed({ paths, plan }: { paths: Record<string, string>; plan: object }, image: string): object {
  const { plan: whole } = { plan } as Planned;
  const kept = Object.fromEntries(Object.entries(whole).filter(([name]) => KEPT.includes(name)));
  const changes = (whole.resource_changes ?? []).filter(
    ({ change, previous_address }) =>
      change.actions[0] !== "no-op" || previous_address !== undefined || change.importing !== undefined,
  );
  const counts = new Map<string, Map<string, string>>();
  const count = (found: string, kind: string) => {
    const ids = counts.get(kind) ?? new Map<string, string>();
    counts.set(kind, ids);
    const id = ids.get(found) ?? `${kind}-${String(ids.size + 1).padStart(17, "0")}`;
    ids.set(found, id);
    return id;
  };
  const configuration = configured(whole.configuration);
  let text = JSON.stringify({ paths, plan: { ...kept, resource_changes: changes, configuration } });
  if (image !== "") text = text.replaceAll(image, NEW_IMAGE);
  text = text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "2026-01-01T00:00:00Z")
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "http://emulator")
    .replace(RANDOM_ID, count)
    .replace(/(?<="deposed":")[0-9a-f]{8}/g, "0000000d")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (found) => count(found, "uuid"))
    .replace(/(?<=(?:targetgroup|app|listener)\/[^"]*\/)[0-9a-f]{16}\b/g, (found) => count(found, "arn"));
  return JSON.parse(text) as object;
}

/** Where the deployment is, and which resources refer to which. */
function configured({ provider_config = {}, root_module = {} }: Configured = {}): Configured {
  const providers = Object.entries(provider_config).map(([key, { expressions: { region, default_tags } = {} }]) => [
    key,
    { expressions: { region, default_tags } },
  ]);
  return {
    provider_config: Object.fromEntries(providers) as Record<string, object>,
    root_module: configuredModule(root_module),
  };
}

function configuredModule({ resources = [], variables, module_calls }: ConfiguredModule): ConfiguredModule {
  return {
    resources: resources.map(({ address, provider_config_key, expressions = {} }) => ({
      address,
      ...(provider_config_key !== undefined && { provider_config_key }),
      expressions: Object.fromEntries(
        Object.entries(expressions).filter(([, found]) => JSON.stringify(found).includes('"references"')),
      ),
    })),
    variables,
    ...(module_calls && {
      module_calls: Object.fromEntries(
        Object.entries(module_calls).map(([name, { module = {} }]) => [name, { module: configuredModule(module) }]),
      ),
    }),
  };
}
