import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { endKilledRun } from './run-lock.ts'

// Waits until the process that started it has died, then ends what that process left behind. See guard.ts.
const [dataDir = '', owner = '', remove] = process.argv.slice(2)

/** The pipe closes a moment before the operating system has ended the process, in milliseconds. */
const MOMENT = 200

process.on('SIGHUP', () => undefined) // the terminal closed; the run is still being stopped
process.stdin.resume()
process.stdin.once('end', () => void cleanUp())

async function cleanUp() {
  await sleep(MOMENT)
  await endKilledRun(dataDir, Number(owner))
  if (remove) rmSync(dataDir, { recursive: true, force: true })
}
