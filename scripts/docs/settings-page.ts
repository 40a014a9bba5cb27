/** The page of the server's settings, from their table. */
import { environmentName, flagName, settings } from '../../packages/portico/src/cli/settings.ts'
import { code, DRAWN, page, table } from './markdown.ts'

/** The page of settings. */
export function settingsPage(): string {
  const rows = Object.entries(settings).map(([name, setting]) => [
    code(name),
    code(environmentName(name)),
    'secret' in setting ? 'none: arguments can be read by others' : code(flagName(name)),
    'fallback' in setting && setting.fallback !== '' ? code(setting.fallback) : '',
    setting.docs,
  ])
  return page(
    DRAWN,
    '# Settings',
    'Each setting has one name, written three ways: in `portico.yaml`, in the environment, and as a flag. A flag counts more than the environment, the environment more than the file. The organization – people, groups, accounts, permission sets – is data and not among them; see [the guide](../guide/configuration.md).',
    table(['In `portico.yaml`', 'Environment', 'Flag', 'Default', 'Meaning'], rows),
  )
}
