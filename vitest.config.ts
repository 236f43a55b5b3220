import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const MINUTE = 60_000
/** `npm run test:long` asks for the tests too long for every day: many seeds, millions of rows, load, kill -9. */
const long = process.env.TOLLGATE_TESTS === 'long'
const LONG = '**/*.long.test.ts'
const BROWSER = '**/*.browser.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    // Importing the ORM anew for every file costs more than all the tests; so each file opens and closes what it uses.
    isolate: false,
    // One more than cores: many of the tests wait, for a mail, a job, a time-out.
    maxWorkers: availableParallelism() + 1,
    testTimeout: long ? 30 * MINUTE : MINUTE / 2,
    hookTimeout: MINUTE,
    allowOnly: false,
    expect: { requireAssertions: true },
    projects: [...globSync(['apps/*', 'packages/*', 'scripts'], { cwd: import.meta.dirname }).map(project), browser()],
  },
})

/** The tests of one package; its `test/global-setup.ts`, if there is one, runs once before them. */
function project(folder: string): TestProjectInlineConfiguration {
  const setup = join(folder, 'test/global-setup.ts')
  return {
    extends: true,
    test: {
      name: basename(folder),
      include: [`${folder}/**/*.test.ts`],
      exclude: ['**/node_modules/**', '**/dist/**', BROWSER, ...(long ? [] : [LONG])],
      globalSetup: existsSync(join(import.meta.dirname, setup)) ? [setup] : [],
    },
  }
}

/** Each of these drives a browser and a whole running stack: after the others, which they would slow down. */
function browser(): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: 'browser',
      include: [BROWSER],
      exclude: ['**/node_modules/**', '**/dist/**'],
      testTimeout: 2 * MINUTE,
      hookTimeout: 2 * MINUTE,
      sequence: { groupOrder: 1 },
    },
  }
}
