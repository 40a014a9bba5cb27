/** The last step of every dialect that a service reads: members, wherever they stood, become an operation's input. */
import type { Input, Operation, Service } from './operation.ts'
import { readMembers } from './read.ts'
import type { Shape } from './shape.ts'

/**
 * Reads an operation's input by asking `get` for each member. `problems` are those that reading the request came upon so far,
 * and those that `get` comes upon.
 *
 * @throws the service's `malformed` error, naming every problem
 */
export function readInput<O extends Operation>(
  service: Service,
  operation: O,
  get: (name: string, shape: Shape) => unknown,
  problems: string[] = [],
): Input<O> {
  const input = readMembers(operation.input, get, '', problems)
  if (problems.length > 0) throw new service.edge.malformed(`${problems.join('; ')}.`)
  return input as Input<O> // readMembers read exactly this operation's input
}
