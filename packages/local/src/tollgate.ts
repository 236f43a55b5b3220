import { spawn } from 'node:child_process'
import { runningConfiguration } from './run-lock.ts'
import { dataDirOf } from './stack-options.ts'
import { SERVER_PROGRAM } from './workspace.ts'

// Runs a verb of the server's program with the settings of the running `npm start` on this DATA_DIR.
const dataDir = dataDirOf(process.env)
const configuration = runningConfiguration(dataDir)

if (configuration) {
  const verb = spawn(process.execPath, [SERVER_PROGRAM, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...configuration },
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => verb.kill(name))
  verb.once('exit', (code) => (process.exitCode = code ?? 1))
} else {
  console.error(
    `Tollgate is not running on ${dataDir}. Run \`npm start\` first, with the same DATA_DIR if you set one.`,
  )
  process.exitCode = 1
}
