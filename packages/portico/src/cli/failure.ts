/**
 * Exit codes of `portico`, which scripts may rely on.
 */
export const exitCodes = {
  /** Done. */
  ok: 0,
  /** Something that nobody foresaw. */
  error: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** There is no usable sign-in, and only a person can change that: `portico login`. */
  'sign-in-needed': 3,
  /** A person or a rule said no. */
  denied: 4,
  /** Nobody decided in time. */
  expired: 5,
  /** The port cannot be listened on, or the service cannot be reached. */
  network: 6,
  /** A setting, a profile or the organization file must change first. */
  configuration: 7,
  /** The data folder or database cannot be used: in use, damaged, of a newer version, or without its root key. */
  data: 8,
  /** Ctrl-C, or the terminal was closed. */
  interrupted: 130,
} as const

/** Why a command ends before its work is done: a sentence that says what is wrong and what to do, printed without a stack. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(reason: Exclude<keyof typeof exitCodes, 'ok'>, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.exitCode = exitCodes[reason]
  }
}
