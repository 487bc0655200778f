/** The differences from another environment: any part of the settings; `undefined` removes an optional part. */
export type Differences<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Differences<T[Key]> | undefined }
    : T;

/**
 * Derives an environment from another by its differences: sections are merged; lists and values are replaced, and so is a section
 * of another `kind`, since its settings are different ones.
 *
 * @example derive(production, { fleet: { maxSize: 2 }, bastion: undefined })
 */
export function derive<T extends object>(base: T, differences: Differences<NoInfer<T>>): T {
  const derived: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(differences)) {
    const before = derived[key];
    if (value === undefined) Reflect.deleteProperty(derived, key);
    else
      derived[key] = isSection(before) && isSection(value) && isOfKind(before, value) ? derive(before, value) : value;
  }
  return derived as T;
}

/** Whether the differences have the same kind as the section before; they do if they name none. */
function isOfKind(before: Record<string, unknown>, differences: Record<string, unknown>): boolean {
  return differences["kind"] === undefined || differences["kind"] === before["kind"];
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
