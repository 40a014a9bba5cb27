/** Whether an option says something: '', null and undefined do not. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
