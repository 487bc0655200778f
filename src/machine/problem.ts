/** An error that the user can correct: printed as its message, without a stack trace. */
export class Problem extends Error {}

/**
 * Reads several things, all of them before any problem is reported.
 *
 * @throws Problem with the problems of all
 */
export function together<Things>(readings: { readonly [Name in keyof Things]: () => Things[Name] }): Things {
  const problems: string[] = [];
  const things: Partial<Things> = {};
  for (const name of Object.keys(readings) as (keyof Things)[]) {
    try {
      things[name] = readings[name]();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  return things as Things;
}
