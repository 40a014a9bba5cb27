import * as v from 'valibot'
import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { nearest } from './nearest.ts'

/** Something in a file that must change before the file can be used, where it is, and what to do. */
export type Problem = {
  /** Both count from 1, as editors do. */
  line: number
  column: number
  /** A sentence for the person who wrote the file. */
  message: string
}

/** Where a value is in its file: member names and list positions, from the root. */
export type Path = readonly (string | number)[]

/** A file that fits its schema, and a way to point at the places where its values stand. */
export type YamlFile<T> = {
  value: T
  /** A problem with the value at `path`. */
  problemAt(path: Path, message: string): Problem
}

/** Either the file's value or everything that is wrong with it, in the order of the file. */
export type Reading<T> = { ok: true; file: YamlFile<T> } | { ok: false; problems: readonly Problem[] }

/** The largest file that is read, in UTF-16 code units: some 30,000 people. */
const LARGEST = 4 * 1024 * 1024

const TAGS = 'Tags (`!…`) are not used here. Write the value without one.'

/**
 * Reads YAML against a valibot schema. Every scalar is handed on as text exactly as written, so that an account id keeps
 * its leading zero and a person may be called `no`; the schema says what a text means. Aliases are refused: nothing here
 * needs them, and a few lines of them can expand to gigabytes.
 */
export function readYaml<Schema extends v.GenericSchema>(text: string, schema: Schema): Reading<v.InferOutput<Schema>> {
  if (text.length > LARGEST) {
    return failed([
      { line: 1, column: 1, message: 'The file is larger than 4 MiB. Split it, and apply its parts one by one.' },
    ])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  const problemOn = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1), message }
  }
  const broken = syntaxProblems(document, problemOn)
  if (broken.length > 0) return failed(broken)

  const problemAt = (path: Path, message: string) => problemOn(offsetOf(document, path), message)
  const parsed = v.safeParse(schema, document.contents === null ? {} : document.toJS())
  if (parsed.success) return { ok: true, file: { value: parsed.output, problemAt } }
  // Of two at one place the unknown key comes first: the missing one is mostly what was meant by it.
  const issues = parsed.issues.toSorted((a, b) => Number(b.expected === 'never') - Number(a.expected === 'never'))
  return failed(issues.map((issue) => describe(issue, schema as AnySchema, problemAt)))
}

function failed(problems: readonly Problem[]): { ok: false; problems: readonly Problem[] } {
  return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) }
}

function syntaxProblems(document: Document, problemOn: (offset: number, message: string) => Problem): Problem[] {
  // What follows a first syntax error is mostly its consequence.
  const first = document.errors[0] ?? document.warnings[0]
  if (first) {
    const said: Record<string, string> = {
      DUPLICATE_KEY: 'This key stands here a second time. Keep one of them.',
      MULTIPLE_DOCS: 'A second document begins here. Keep one document in a file.',
      RESOURCE_EXHAUSTION: 'The file is nested too deeply.',
      TAG_RESOLVE_FAILED: TAGS,
    }
    return [problemOn(first.pos[0], said[first.code] ?? `This is not valid YAML: ${first.message}.`)]
  }
  const problems: Problem[] = []
  const refuse = (node: Node, message: string) => problems.push(problemOn(node.range?.[0] ?? 0, message))
  visit(document, {
    Alias: (_, node) => void refuse(node, 'Aliases (`*…`) are not used here. Write the value out.'),
    Pair: (_, pair) => {
      if (!isScalar(pair.key)) problems.push(problemOn(startOf(pair.key) ?? 0, 'A key must be a plain name.'))
      return isNothing(pair.value) ? visit.REMOVE : undefined
    },
    Collection: (_, node) => {
      if (node.tag !== undefined) refuse(node, TAGS)
    },
    Scalar: (_, node) => {
      if (node.tag !== undefined) refuse(node, TAGS)
      // A terminal or a log would act on these; no name has a use for them.
      if (typeof node.value === 'string' && /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(node.value)) {
        refuse(node, 'Control characters are not allowed in a value.')
      }
    },
  })
  return problems
}

/** `key:`, `key: ~` and `key: null` say the same as leaving the key out. In quotes they are texts. */
function isNothing(value: unknown): boolean {
  if (value === null) return true
  return isScalar(value) && value.type === 'PLAIN' && ['', '~', 'null'].includes(value.source ?? '')
}

function describe(issue: v.BaseIssue<unknown>, schema: AnySchema, problemAt: (path: Path, message: string) => Problem) {
  const path = (issue.path ?? []).map((item) => item.key as string | number) // a schema of objects and lists has no other keys
  if (issue.type !== 'strict_object') return problemAt(path, issue.message)

  const key = path.at(-1)
  if (issue.expected === 'never') {
    const known = keysAt(schema, path.slice(0, -1))
    const meant = nearest(String(key), known)
    const hint = meant ? `Did you mean \`${meant}\`?` : `Known here: ${known.join(', ')}.`
    return problemAt(path, `\`${key}\` is not a known key. ${hint}`)
  }
  if (issue.received === 'undefined') return problemAt(path.slice(0, -1), `\`${key}\` is missing here. Add it.`)
  return problemAt(path, `Keys and values are expected here (${keysAt(schema, path).join(', ')}).`)
}

/** As much of the built-in valibot schemas as it takes to list the keys that are known in one place. */
type AnySchema = {
  entries?: Record<string, AnySchema>
  item?: AnySchema
  wrapped?: AnySchema
  pipe?: readonly AnySchema[]
}

function keysAt(schema: AnySchema, path: Path): string[] {
  const [first, ...rest] = path
  if (schema.wrapped) return keysAt(schema.wrapped, path)
  if (!schema.entries && !schema.item && schema.pipe?.[0]) return keysAt(schema.pipe[0], path)
  if (first === undefined) return Object.keys(schema.entries ?? {})
  const inner = typeof first === 'number' ? schema.item : schema.entries?.[first]
  return inner ? keysAt(inner, rest) : []
}

/** Where to point for a path: at the key of a member, at an entry of a list, or at the nearest thing around it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      const start = startOf(pair?.key)
      if (start !== undefined) return start
    } else {
      const start = startOf(document.getIn(path.slice(0, length), true))
      if (start !== undefined) return start
    }
  }
  return startOf(document.contents) ?? 0
}

function startOf(node: unknown): number | undefined {
  // Every node that came out of the parser has a range; only hand-made ones have none.
  return (node as Node | null | undefined)?.range?.[0]
}
