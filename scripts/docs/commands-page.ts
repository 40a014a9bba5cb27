/** The page of the command line: what each command says about itself when asked for help. */
import { spawnSync } from 'node:child_process'
import { DRAWN, page } from './markdown.ts'

const program = 'packages/portico/src/cli/main.ts'

/** The page of commands. */
export function commandsPage(): string {
  return page(
    DRAWN,
    '# Command line',
    'What `portico … --help` prints. In a clone of the repository, `npx portico …` runs it from its sources.',
    ...blocksOf([]),
  )
}

function blocksOf(command: readonly string[]): string[] {
  const help = helpOf(command)
  const inner = /^Commands:\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? ''
  const names = [...inner.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  return [
    `## portico${command.map((word) => ` ${word}`).join('')}`,
    `\`\`\`text\n${help.trimEnd()}\n\`\`\``,
    ...names.flatMap((name) => blocksOf([...command, name])),
  ]
}

function helpOf(command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...command, '--help'], {
    encoding: 'utf8',
    // Its width and colours would follow the terminal of whoever draws.
    env: { PATH: process.env.PATH ?? '', NO_COLOR: '1' },
  })
  if (status !== 0) throw new Error(`portico ${command.join(' ')} --help failed:\n${stderr}`)
  return stdout
}
