/**
 * `portico completion`: scripts for shells, which ask this program for what could come next. It looks at the commands and at the
 * person's files, and asks nobody.
 */
import type { Command } from 'commander'
import { listProfiles, listSsoSessions, readSharedFiles } from 'ssooidc/config'
import { Failure } from '../failure.ts'

/** The command with which the scripts ask. */
export const COMPLETE = '__complete'

const scripts: Readonly<Record<string, string>> = {
  bash: `_portico() {
  local IFS=$'\\n'
  COMPREPLY=($(portico ${COMPLETE} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _portico portico
`,
  zsh: `#compdef portico
_portico() {
  local -a found
  found=("\${(@f)$(portico ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[*]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _portico portico
`,
  fish: `complete -c portico -f -a '(portico ${COMPLETE} -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}

/** The script of a shell. @throws Failure */
export function completionScript(shell: string): string {
  const script = scripts[shell]
  if (script === undefined) throw new Failure('usage', `There is a script for ${Object.keys(scripts).join(', ')}.`)
  return script
}

/** What the last of the words could be. */
export function complete(program: Command, words: readonly string[]): string[] {
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  let command = program
  for (const word of before) command = command.commands.find((each) => each.name() === word) ?? command
  const previous = before.at(-1)
  const option = command.options.find(({ long }) => long === previous)
  const values =
    option !== undefined && !option.isBoolean()
      ? valuesFor(option.long ?? '', option.argChoices)
      : last.startsWith('-')
        ? command.options.flatMap(({ long }) => long ?? [])
        : [
            ...command.commands.map((each) => each.name()).filter((name) => name !== COMPLETE),
            ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? valuesFor(argument.name())),
          ]
  return values.filter((value) => value.startsWith(last))
}

function valuesFor(name: string, choices?: readonly string[]): string[] {
  if (choices !== undefined) return [...choices]
  try {
    const files = readSharedFiles()
    if (name === '--profile') return listProfiles(files)
    if (name === '--session' || name === 'session') return listSsoSessions(files)
    const key = { '--account': 'sso_account_id', '--role': 'sso_role_name' }[name]
    if (key === undefined) return []
    const known = [...files.config.values()].flatMap((section) => section.get(key) ?? [])
    return [...new Set(known.filter((value) => typeof value === 'string'))]
  } catch {
    return [] // a broken file is for commands to complain about
  }
}
