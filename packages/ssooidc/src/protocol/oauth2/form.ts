/** OAuth's own form, the client's half: an input becomes a form, and the client's secret goes where the server wants it. */
import type { Input, OperationWire } from '../operation.ts'
import { ownValue, readMembers } from '../read.ts'
import type { RequestParts } from '../rest-json/client.ts'
import type { Members } from '../shape.ts'
import type { AuthMethod } from './index.ts'

/**
 * Writes an input. What is empty counts as left out, since a parameter without a value does.
 *
 * @throws TypeError naming every member that is missing or wrong
 * @see https://www.rfc-editor.org/rfc/rfc6749#appendix-B
 */
export function encodeForm<O extends OperationWire>(method: AuthMethod, operation: O, input: Input<O>): RequestParts {
  const problems: string[] = []
  const said = (name: string) => {
    const value = ownValue(input, name)
    return value === '' ? undefined : value
  }
  const { client_id: id, client_secret: secret, ...others } = readMembers<Members>(operation.input, said, '', problems)
  if (problems.length > 0) throw new TypeError(`${operation.name}: ${problems.join('; ')}`)
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }
  const inHeader = secret !== undefined && method === 'client_secret_basic'
  if (inHeader) headers.authorization = `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}`
  const members = Object.entries(inHeader ? others : { client_id: id, client_secret: secret, ...others })
  const form = new URLSearchParams(
    members.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
  return { method: operation.method, target: operation.path, headers, body: form.toString() }
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined, so that neither can hold the colon. */
function formEncoded(text: unknown): string {
  return new URLSearchParams({ '': String(text) }).toString().slice(1)
}
