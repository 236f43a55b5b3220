import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** There is no built console where it was looked for. */
export class ConsoleNotBuilt extends Error {
  constructor(places: readonly string[]) {
    super(
      `There is no built console in ${places.join(' or ')}. Build it with \`pnpm --filter @tollgate/console build\`, or set CONSOLE_DIR.`,
    )
  }
}

/** The program's own folder: `dist` in the image, `apps/server/src` in the repository. */
const PROGRAM = join(import.meta.dirname, '..')
/** Where the image has the console, and where it is built in the repository. */
const PLACES = [join(PROGRAM, '../console'), join(PROGRAM, '../../console/dist')]

/**
 * Returns the folder of the built console.
 *
 * @param given the folder to use instead of the usual ones.
 * @throws {ConsoleNotBuilt}
 */
export function findConsole(given?: string): string {
  const places = given === undefined ? PLACES : [resolve(given)]
  const found = places.find((place) => existsSync(join(place, 'index.html')))
  if (!found) throw new ConsoleNotBuilt(places)
  return found
}
