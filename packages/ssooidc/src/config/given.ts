/** What a caller said and what it did not. */

/** Whether an option says something: '', null and undefined do not. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** The options that say something. */
export function onlyGiven<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => isGiven(value))) as Options // fewer of the same
}
