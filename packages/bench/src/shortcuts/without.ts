import { registerHooks, type ModuleSource } from 'node:module'
import { SHORTCUTS } from './shortcuts.ts'

// Loaded with --import into a server: takes out the shortcut that is named by the variable.
const name = process.env['BENCH_WITHOUT'] ?? ''
const shortcut = SHORTCUTS[name]
if (!shortcut) throw new Error(`There is no shortcut "${name}".`)
const { file, changes } = shortcut

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/apps/server/src/${file}`)) return loaded
    let source = textOf(loaded.source)
    for (const [from, to] of changes) {
      if (source.split(from).length !== 2) throw new Error(`${file} does not have exactly one "${from}".`)
      source = source.replace(from, () => to)
    }
    return { ...loaded, source }
  },
})

function textOf(source: ModuleSource | undefined): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source)
}
