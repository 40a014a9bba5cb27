/** `npm run pack [folder]`: builds, and puts the tarballs that would be published into a folder, `dist/` unless named. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import './build.ts'

const root = join(import.meta.dirname, '..')
const destination = resolve(process.argv[2] ?? join(root, 'dist'))

mkdirSync(destination, { recursive: true })
for (const name of ['ssooidc', 'portico']) {
  const dist = join(root, 'packages', name, 'dist')
  const printed = execFileSync('npm', ['pack', dist, '--pack-destination', destination, '--json'], { encoding: 'utf8' })
  const [tarball] = JSON.parse(printed) as [{ filename: string; size: number; entryCount: number }]
  console.log(
    `${join(destination, tarball.filename)}  ${tarball.entryCount} files, ${Math.ceil(tarball.size / 1024)} KiB`,
  )
}
