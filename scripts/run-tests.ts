import { startVitest, type Reporter, type TestModule, type Vitest } from 'vitest/node'

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/**
 * Runs the tests below `root`, by its `vitest.config.ts`, and counts them.
 * Whatever goes wrong outside a test (a file that won't load, a hook, a stray rejection, nothing to run) is a failure too,
 * and so is an interruption.
 *
 * @param filters parts of paths; without any, every test runs.
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
 * Vitest's own handlers exit on the spot, and what the global setups have started (a database) would be left running.
 * One Ctrl-C may arrive twice, from the terminal and passed on by npm; one more a moment later means it.
 */
function endOnSignal(vitest: Vitest): void {
  let since: number | undefined
  const end = () => {
    if (since !== undefined && performance.now() - since > 1000) process.exit(130)
    since ??= performance.now()
    void vitest.cancelCurrentRun('keyboard-input')
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal).on(signal, end)
  process.once('disconnect', end) // the launcher is gone
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
