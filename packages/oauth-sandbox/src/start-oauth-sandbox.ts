import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { Accounts } from './accounts.ts'
import { controlRoutes } from './control.routes.ts'
import { githubRoutes } from './github/github.routes.ts'
import { googleRoutes } from './google/google.routes.ts'
import { newSigningKey, signerOf } from './google/signer.ts'
import { Grants } from './grants.ts'
import { homePage } from './home-page.ts'
import { sendPage } from './html.ts'
import { Liar } from './lies.ts'
import type { OAuthSandbox, OAuthSandboxOptions } from './options.ts'
import { refuseOtherSites } from './refuse-other-sites.ts'
import { loadState, saveState } from './state-file.ts'
import { answerUnknown } from './unknown-page.ts'

/** Default credentials for a server that uses the sandbox. They are not secret: they work only here. */
const GOOGLE_CLIENT = { clientId: 'google-sandbox-client', clientSecret: 'google-sandbox-secret' }
const GITHUB_CLIENT = { clientId: 'github-sandbox-client', clientSecret: 'github-sandbox-secret' }

/**
 * Starts a local Google (at `/google`) and GitHub (at `/github`) where anyone can log in as any user.
 *
 * @throws {Error} if NODE_ENV is production, or if the port is taken.
 */
export async function startOAuthSandbox(options: OAuthSandboxOptions = {}): Promise<OAuthSandbox> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error('The OAuth sandbox refuses to run with NODE_ENV=production: it lets anyone log in as any user.')
  }
  const { port = 0, host = '127.0.0.1', stateFile, google = GOOGLE_CLIENT, github = GITHUB_CLIENT } = options
  const state = loadState(stateFile)
  let { signingKey } = state
  const save = () => saveState(stateFile, { accounts: accounts.all(), signingKey })
  const accounts = new Accounts(state.accounts, () => save())
  save()
  // A new key may take a second. Until it exists, only the requests that need it wait.
  const signer = signingKey
    ? signerOf(signingKey)
    : newSigningKey().then((key) => {
        signingKey = key
        save()
        return signerOf(key)
      })
  if (signingKey) await signer

  const liar = new Liar()
  liar.lies = options.lies ?? {}
  const grants = new Grants()
  let url = ''
  const issuer = () => `${url}/google`

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use('/google', googleRoutes({ client: google, accounts, grants, liar, signer, issuer }))
  app.use(
    '/github',
    githubRoutes({ client: { ...github, callbackUrl: options.githubCallbackUrl ?? '' }, accounts, grants, liar }),
  )
  const refuse = refuseOtherSites(() => url)
  app.use('/_', refuse)
  app.use(controlRoutes(accounts, liar))
  app.get('/', refuse, (_req, res) => {
    sendPage(res, 200, { title: 'OAuth sandbox', body: homePage(accounts) })
  })
  app.use(answerUnknown)
  const server = createServer(app)
  server.listen(port, host)
  await once(server, 'listening')
  url = (options.publicUrl ?? `http://${host}:${portOf(server)}`).replace(/\/+$/, '')

  return {
    url,
    google: { ...google, issuer: issuer() },
    github: { ...github, url: `${url}/github`, apiUrl: `${url}/github/api` },
    lie: (lies) => {
      liar.lies = lies
    },
    async [Symbol.asyncDispose]() {
      await signer
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The sandbox is not listening on a port.')
  return address.port
}
