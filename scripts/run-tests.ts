import { startVitest, type Reporter, type TestModule, type Vitest } from 'vitest/node'

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/**
 * Runs the tests below `root` with its `vitest.config.ts`, and counts them.
 *
 * Problems outside of tests count as failures, too: a file that can't be loaded, a failing hook, an unhandled
 * rejection, no test to run, and an interrupted run.
 *
 * @param filters parts of file paths; an empty list runs every test.
 */
export async function runTests(root: string, filters: string[] = []): Promise<Tally> {
  let tally: Tally = { passed: 0, failed: 1, skipped: 0 }
  const counter: Reporter = {
    onInit: endOnSignal,
    onTestRunEnd(modules, strayErrors, reason) {
      tally = count(modules, strayErrors.length + (reason === 'interrupted' ? 1 : 0))
    },
  }
  try {
    const vitest = await startVitest(filters, { root, watch: false, reporters: ['default', counter] })
    await vitest.close()
  } catch (error) {
    console.error(error)
    return { ...tally, failed: Math.max(tally.failed, 1) }
  }
  return tally
}

/**
 * Replaces Vitest's own signal handlers. They exit at once, which would leave a database from a global setup running.
 *
 * One Ctrl-C can arrive twice, from the terminal and through npm. A signal more than a second later exits at once.
 */
function endOnSignal(vitest: Vitest): void {
  let since: number | undefined
  const end = () => {
    if (since !== undefined && performance.now() - since > 1000) process.exit(130)
    since ??= performance.now()
    void vitest.cancelCurrentRun('keyboard-input')
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal).on(signal, end)
  process.once('disconnect', end) // launch.mjs has died
}

function count(modules: readonly TestModule[], strayErrors: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const groups = modules.flatMap((module) => [module, ...module.children.allSuites()])
  const brokenGroups = groups.filter((group) => group.errors().length > 0)
  const inState = (...states: string[]) => tests.filter((test) => states.includes(test.result().state)).length
  return {
    passed: inState('passed'),
    failed: inState('failed', 'pending') + brokenGroups.length + strayErrors + (modules.length === 0 ? 1 : 0),
    skipped: inState('skipped'),
  }
}
