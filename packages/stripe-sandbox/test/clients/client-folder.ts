import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A folder outside of the workspace with packages from the registry. It is removed when it is disposed. */
export class ClientFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'stripe-client-'))

  /**
   * Installs packages with exact versions, without running their scripts.
   *
   * @throws {Error} if the registry does not answer.
   */
  static install(packages: Readonly<Record<string, string>>): ClientFolder {
    const folder = new ClientFolder()
    writeFileSync(
      join(folder.path, 'package.json'),
      JSON.stringify({ type: 'module', private: true, dependencies: packages }),
    )
    // The peers that the flows don't need, such as an entire framework, stay out.
    const flags = ['--ignore-scripts', '--legacy-peer-deps', '--omit=optional', '--no-audit', '--no-fund']
    execFileSync('npm', ['install', '--prefer-offline', ...flags], { cwd: folder.path, stdio: 'pipe' })
    return folder
  }

  /** What a module exports. Its type is the caller's, because the workspace does not have the package. */
  async import<T>(name: string): Promise<T> {
    const file = join(this.path, `${name.replaceAll(/\W/g, '-')}.mjs`)
    writeFileSync(file, `export * from '${name}'; import * as all from '${name}'; export default all.default`)
    return (await import(pathToFileURL(file).href)) as T
  }

  /** The same for a CommonJS module. */
  require<T>(name: string): T {
    return createRequire(join(this.path, 'index.js'))(name) as T
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Serves a handler that works with fetch's requests and responses, as frameworks do. */
export async function serveHandler(handler: (request: Request) => Promise<Response>) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = new Headers()
      for (const [name, values = []] of Object.entries(request.headersDistinct)) headers.set(name, values.join(', '))
      const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
      const url = `http://${request.headers.host}${request.url}`
      void handler(
        new Request(url, { method: request.method, headers, ...(hasBody && { body: Buffer.concat(chunks) }) }),
      )
        .catch((error: unknown) => new Response(String(error), { status: 500 }))
        .then(async (answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers))
          response.end(Buffer.from(await answer.arrayBuffer()))
        })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
