/** What an environment says that differs from another: any part of the settings; `undefined` takes an optional part away. */
export type Differences<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Differences<T[Key]> | undefined }
    : T;

/**
 * An environment made from another by naming only what differs: sections are merged, lists and values replaced.
 *
 * @example derive(production, { fleet: { maxSize: 2 }, bastion: undefined })
 */
export function derive<T extends object>(base: T, differences: Differences<NoInfer<T>>): T {
  const derived: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(differences)) {
    const before = derived[key];
    if (value === undefined) Reflect.deleteProperty(derived, key);
    else derived[key] = isSection(before) && isSection(value) ? derive(before, value) : value;
  }
  return derived as T;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
