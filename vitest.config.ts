import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const MINUTE = 60_000
/** `npm run test:long` adds the slow tests: many seeds, all combinations, millions of rows, load, kill -9. */
const long = process.env.TOLLGATE_TESTS === 'long'
const LONG = '**/*.long.test.ts'
const BROWSER = '**/*.browser.test.ts'
const LONG_BROWSER = '**/*.browser.long.test.ts'
/** Long tests that pack the same packages, which build into the same folders. */
const PACKING = ['outside/nextjs', 'react/hooks', 'extension/outside'].map((path) => `**/${path}.long.test.ts`)
/** The tests that take longest. Their files are small, because what they run is in other files. */
const LONGEST = [
  ...['any-order/any-order', 'any-order/support/support', 'any-order/seats/seats', 'jobs/due-queues', 'lost-answers'],
  ...['conformance/renewal', 'switches/switch', 'paused-collection', 'oauth-lies', 'admit-subscription', 'two-of-each'],
  ...['killed-worker', 'conformance/ending', 'database/session-pooling', 'accounts.browser', 'subscriptions.browser'],
  ...['operator.browser', 'client.browser'],
]

/**
 * Starts the longest tests of each project first, so that none of them runs alone at the end. Without the times of an
 * earlier run, Vitest itself starts the largest files first.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((path) => moduleId.includes(`/${path}.test.ts`))
    return projects.flatMap((each) => {
      const own = sorted.filter(({ project }) => project === each)
      return [...own.filter(isLong), ...own.filter((file) => !isLong(file))]
    })
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Importing the ORM again for every file takes longer than all tests. So files share a process, and each one closes
    // what it opens.
    isolate: false,
    // Two more than cores, because many tests wait for a mail, a job, or a timeout.
    maxWorkers: availableParallelism() + 2,
    testTimeout: long ? 30 * MINUTE : MINUTE,
    hookTimeout: MINUTE,
    sequence: { sequencer: LongestFirst },
    allowOnly: false,
    expect: { requireAssertions: true },
    projects: [
      ...globSync(['apps/*', 'packages/*', 'scripts'], { cwd: import.meta.dirname }).map(project),
      browser(),
      ...(long ? [packing()] : []),
    ],
  },
})

/** The tests of one package. Its `test/global-setup.ts`, if it has one, runs once before them. */
function project(folder: string): TestProjectInlineConfiguration {
  const setup = join(folder, 'test/global-setup.ts')
  return {
    extends: true,
    test: {
      name: folder === 'packages/server' ? 'server-package' : basename(folder), // apps/server is `server`
      include: [`${folder}/**/*.test.ts`],
      exclude: ['**/node_modules/**', '**/dist/**', BROWSER, LONG_BROWSER, ...(long ? PACKING : [LONG])],
      globalSetup: existsSync(join(import.meta.dirname, setup)) ? [setup] : [],
    },
  }
}

/** These tests each drive a browser and a running stack. They run last, so that they don't slow down the others. */
function browser(): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: 'browser',
      include: [BROWSER, ...(long ? [LONG_BROWSER] : [])],
      exclude: ['**/node_modules/**', '**/dist/**'],
      globalSetup: ['apps/server/test/global-setup.ts', 'apps/console/test/browser-setup.ts'],
      // One more than cores, because a page often waits for its server, and the test for its page.
      maxWorkers: availableParallelism() + 1,
      testTimeout: 4 * MINUTE,
      hookTimeout: 2 * MINUTE,
      sequence: { groupOrder: 1 },
    },
  }
}

/** These run one after the other. */
function packing(): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: 'packing',
      include: PACKING,
      exclude: ['**/node_modules/**', '**/dist/**'],
      maxWorkers: 1,
      sequence: { groupOrder: 2 },
      globalSetup: ['apps/server/test/global-setup.ts'],
    },
  }
}
