/** A door: letters to people. Writing them is core's job, carrying them is not. */

/** A letter in plain text. */
export type Letter = { to: string; subject: string; text: string }

/** Carries letters. */
export interface Mailer {
  /** Takes a letter and returns at once, so that nobody can tell from an answer whether there was one. Never throws. */
  post(letter: Letter): void
}
