import { execFile, execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export const PACKAGE = join(import.meta.dirname, '..')

/** A folder outside the workspace where only the packed package and its dependency are installed. */
export class PackedPackage {
  readonly path = mkdtempSync(join(tmpdir(), 'tollgate-server-'))

  constructor() {
    const installed = join(this.path, 'node_modules/@tollgate/server')
    mkdirSync(installed, { recursive: true })
    run('npx', ['-y', 'pnpm@12.21.0', 'pack', '--pack-destination', this.path], PACKAGE)
    const archives = readdirSync(this.path).filter((file) => file.endsWith('.tgz'))
    run('tar', ['-xzf', ...archives, '-C', installed, '--strip-components=1'], this.path)
    this.link('jose')
    writeFileSync(join(this.path, 'package.json'), '{ "type": "module" }')
  }

  /** Makes a dependency of the package, or of its tests, available. */
  link(name: string): void {
    const link = join(this.path, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(PACKAGE, 'node_modules', name)), link)
  }

  manifest(): { dependencies: Record<string, string>; exports: unknown } {
    return JSON.parse(readFileSync(join(this.path, 'node_modules/@tollgate/server/package.json'), 'utf8'))
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true })
    writeFileSync(join(this.path, file), text)
  }

  run(program: string, ...args: string[]): string {
    return run(program, args, this.path)
  }

  /** Runs a program while this one goes on. @returns what it prints. */
  async start(program: string, ...args: string[]): Promise<string> {
    return (await promisify(execFile)(program, args, { cwd: this.path, timeout: 60_000 })).stdout
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

function run(program: string, args: string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
