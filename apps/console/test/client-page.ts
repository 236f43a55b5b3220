import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const CLIENT = fileURLToPath(import.meta.resolve('@tollgate/client'))

/** Logs in, then restores the session in a second client, as after a reload. Answers with the restored user's email. */
const WORKER = `
  import { createTollgateClient } from '/client.js'
  addEventListener('message', async ({ data: { url, account } }) => {
    try {
      await createTollgateClient({ url }).api.auth.login.mutate(account)
      const restored = await createTollgateClient({ url }).session.restore()
      postMessage(restored?.user.email ?? 'nobody')
    } catch (error) {
      postMessage(String(error))
    }
  })`

/** Serves an empty page with the typed client in it, as `tollgate`, at both names of this machine. */
export async function serveClientPage(): Promise<{ port: number } & AsyncDisposable> {
  const files = new Map([
    ['/', ['text/html', '<!doctype html><title>Client</title><script type="module" src="/page.js"></script>']],
    ['/page.js', ['text/javascript', "import * as tollgate from '/client.js'; window.tollgate = tollgate"]],
    ['/client.js', ['text/javascript', await bundledClient()]],
    ['/worker.js', ['text/javascript', WORKER]],
  ])
  const server = createServer((req, res) => {
    const [type = 'text/plain', text] = files.get((req.url ?? '').replace(/\?.*/, '')) ?? []
    res.writeHead(text === undefined ? 404 : 200, { 'content-type': type }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bundledClient(): Promise<string> {
  const outputs = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: CLIENT, formats: ['es'], fileName: 'client' } },
  })
  const [output] = [outputs].flat()
  if (!output || !('output' in output)) throw new Error('Vite built no client.')
  return output.output[0].code
}
