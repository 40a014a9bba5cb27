/** The server under test: its address, and plain HTTP. No client library comes between, since what one mends is not seen. */
import { setTimeout as delay } from 'node:timers/promises'
import { isObject } from 'ssooidc/protocol'
import { Unmet } from './check.ts'

/** An answer as it came. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body, if it is a JSON object; nothing else is an answer of an API. */
  readonly json: Readonly<Record<string, unknown>>
}

/** What is sent: one of the bodies, if any. */
export type Sending = {
  method?: string
  headers?: Readonly<Record<string, string>>
  json?: unknown
  form?: Readonly<Record<string, string>>
  body?: string
}

/** Somebody at a browser. Resolves when they have been told; the checks find out for themselves what was decided. */
export type Person = (decision: 'approve' | 'deny', url: string) => Promise<void>

/** A server under test. */
export type Target = {
  readonly url: string
  readonly startUrl: string
  readonly person: Person | undefined
  /** A client of the standard endpoints, where the server has no open registration. */
  readonly client: { readonly id: string; readonly secret: string | undefined } | undefined
  /** Sends a request to a path of the server, or to an address that it named. Redirects are not followed. */
  send(to: string, sending?: Sending): Promise<Answer>
  /** What an earlier check made and a later one needs, made once. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>
}

const ANSWER_WITHIN = 15_000
const ATTEMPTS = 5
/** Seconds. */
const LONGEST_WAIT = 60

/** Opens a target. */
export function openTarget(options: Pick<Target, 'url' | 'startUrl' | 'person' | 'client'>): Target {
  const url = options.url.replace(/\/+$/, '')
  const made = new Map<string, Promise<unknown>>()
  return {
    ...options,
    url,
    async send(to, sending = {}) {
      for (let attempt = 1; ; attempt++) {
        const answer = await sendOnce(to.startsWith('/') ? url + to : to, sending)
        const wait = Number(answer.headers.get('retry-after') ?? Number.NaN)
        // The checks come faster than people would. A limit that says how long to wait is no fault.
        if (!(wait > 0 && wait <= LONGEST_WAIT && attempt < ATTEMPTS)) return answer
        await pause(wait)
      }
    },
    once<T>(name: string, make: () => Promise<T>) {
      const known = made.get(name) ?? make()
      made.set(name, known)
      return known as Promise<T> // each name is asked for with one maker only
    },
  }
}

async function sendOnce(url: string, { method, headers = {}, json, form, body }: Sending): Promise<Answer> {
  const sent = json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : body
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const response = await fetch(url, {
    method: method ?? (sent === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: { ...(sent === undefined ? {} : { 'content-type': type }), ...headers },
    body: sent ?? null,
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }).catch((error: Error) => {
    const { message } = error.cause instanceof Error ? error.cause : error
    throw new Unmet(`no answer from ${url.split('?', 1)[0]}: ${message}`)
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: objectIn(text) }
}

/** Waits as a polling client does. */
export const pause = (seconds: number): Promise<void> => delay(seconds * 1000)

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
