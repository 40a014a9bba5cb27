/** Ways to change an input a little: what a fuzzer does to those that led somewhere. */
import type { Dice } from './random.ts'

/** What mutations draw from. */
export type Material = {
  dice: Dice
  /** Words that mean something to the parser. */
  words: readonly Buffer[]
  /** Other inputs, to take pieces from. */
  others: readonly Buffer[]
  /** No input gets longer. */
  longest: number
}

/** One to sixteen changes of the input, few more often than many. */
export function mutate(input: Buffer, material: Material): Buffer {
  const { dice, longest } = material
  let changed = input
  for (let times = 1 << dice.below(5); times > 0; times--) changed = dice.pick(MUTATIONS)(changed, material)
  return changed.length > longest ? changed.subarray(0, longest) : changed
}

type Mutation = (input: Buffer, material: Material) => Buffer

/** Bytes that end, part, quote or escape something in one of the formats, and the ends of the ranges of bytes. */
const TELLING = Buffer.from('\0\t\n\r "#%&\'*+,-./0129:;<=>?@AZ[\\]_`az{|}~\x7f\x80\xa0\xbf\xc2\xef\xff', 'latin1')

const flipBit: Mutation = (input, { dice }) => {
  if (input.length === 0) return input
  const copy = Buffer.from(input)
  const at = dice.below(copy.length)
  copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(8))
  return copy
}

const setByte: Mutation = (input, { dice }) => {
  if (input.length === 0) return input
  const copy = Buffer.from(input)
  copy[dice.below(copy.length)] = dice.below(2) === 0 ? dice.below(256) : dice.pick([...TELLING])
  return copy
}

const insertBytes: Mutation = (input, { dice }) => {
  const size = 1 + dice.below(4)
  const put = Buffer.from(Array.from({ length: size }, () => dice.pick([...TELLING])))
  return spliced(input, dice.below(input.length + 1), 0, put)
}

const cut: Mutation = (input, { dice }) => {
  const [from, length] = piece(input, dice)
  return spliced(input, from, length, NOTHING)
}

const insertWord: Mutation = (input, { dice, words }) =>
  words.length === 0 ? input : spliced(input, dice.below(input.length + 1), 0, dice.pick(words))

const overwriteByWord: Mutation = (input, { dice, words }) => {
  if (words.length === 0) return input
  const word = dice.pick(words)
  return spliced(input, dice.below(input.length + 1), word.length, word)
}

const repeat: Mutation = (input, { dice }) => {
  const [from, length] = piece(input, dice)
  const times = 1 + dice.below(dice.below(4) === 0 ? 40 : 3)
  const again = Buffer.concat(Array.from({ length: times }, () => input.subarray(from, from + length)))
  return spliced(input, from, 0, again)
}

const move: Mutation = (input, { dice }) => {
  const [from, length] = piece(input, dice)
  const rest = spliced(input, from, length, NOTHING)
  return spliced(rest, dice.below(rest.length + 1), 0, input.subarray(from, from + length))
}

const takeFromAnother: Mutation = (input, { dice, others }) => {
  if (others.length === 0) return input
  const other = dice.pick(others)
  const [from, length] = piece(other, dice)
  return spliced(input, dice.below(input.length + 1), dice.below(2) * length, other.subarray(from, from + length))
}

const cross: Mutation = (input, { dice, others }) => {
  if (others.length === 0) return input
  const other = dice.pick(others)
  return Buffer.concat([input.subarray(0, dice.below(input.length + 1)), other.subarray(dice.below(other.length + 1))])
}

const changeNumber: Mutation = (input, { dice }) => {
  const text = input.toString('latin1')
  const numbers = [...text.matchAll(/\d+/g)]
  if (numbers.length === 0) return input
  const { 0: digits, index } = dice.pick(numbers)
  const other = dice.pick(['0', '-1', '1', '00', '65535', '65536', '2147483648', '9007199254740993', '1e9', '0x10'])
  return spliced(input, index, digits.length, Buffer.from(dice.below(2) === 0 ? other : `${Number(digits) + 1}`))
}

const changeCase: Mutation = (input, { dice }) => {
  const [from, length] = piece(input, dice)
  const text = input.toString('latin1', from, from + length)
  const other = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase()
  return spliced(input, from, length, Buffer.from(other, 'latin1'))
}

const percentEncode: Mutation = (input, { dice }) => {
  if (input.length === 0) return input
  const at = dice.below(input.length)
  const hex = (input[at] ?? 0).toString(16).padStart(2, '0')
  return spliced(input, at, 1, Buffer.from(`%${dice.below(2) === 0 ? hex : hex.toUpperCase()}`))
}

const insertCharacter: Mutation = (input, { dice }) => {
  const code = dice.pick([
    0x7f, 0x85, 0xad, 0x130, 0x131, 0x17f, 0x200b, 0x202e, 0x2028, 0x212a, 0xfeff, 0xff0f, 0x1f600,
  ])
  return spliced(input, dice.below(input.length + 1), 0, Buffer.from(String.fromCodePoint(code), 'utf8'))
}

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  setByte,
  insertBytes,
  insertBytes,
  cut,
  cut,
  insertWord,
  insertWord,
  overwriteByWord,
  repeat,
  move,
  takeFromAnother,
  takeFromAnother,
  cross,
  changeNumber,
  changeCase,
  percentEncode,
  insertCharacter,
]

const NOTHING = Buffer.alloc(0)

function spliced(input: Buffer, from: number, remove: number, put: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, from), put, input.subarray(from + remove)])
}

/** Some stretch of the input; short ones more often. */
function piece(input: Buffer, dice: Dice): [from: number, length: number] {
  const from = dice.below(input.length + 1)
  const most = Math.min(input.length - from, 1 << dice.below(8))
  return [from, dice.below(most + 1)]
}
