import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { Accounts } from './accounts.ts'
import type { ClientCredentials } from './client-auth.ts'
import { controlRoutes } from './control.routes.ts'
import { githubRoutes } from './github/github.routes.ts'
import { googleRoutes } from './google/google.routes.ts'
import { newSigningKey, signerOf } from './google/signer.ts'
import { Grants } from './grants.ts'
import { homePage } from './home-page.ts'
import { sendPage } from './html.ts'
import { Liar, type Lies } from './lies.ts'
import { loadState, saveState } from './state-file.ts'

export type { ClientCredentials }

export interface OAuthSandboxOptions {
  /** 0, the default, uses a free port. */
  readonly port?: number
  readonly host?: string
  /** Keeps created accounts and the signing key across restarts. */
  readonly stateFile?: string | undefined
  /** The credentials of the server; there are defaults. */
  readonly google?: ClientCredentials | undefined
  readonly github?: ClientCredentials | undefined
  readonly lies?: Lies
}

export interface OAuthSandbox {
  /** Without a trailing slash, like the other URLs. */
  readonly url: string
  readonly google: ClientCredentials & { readonly issuer: string }
  readonly github: ClientCredentials & { readonly url: string; readonly apiUrl: string }
  /** Replaces the current lies; `{}` ends all lies. */
  lie(lies: Lies): void
  [Symbol.asyncDispose](): Promise<void>
}

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
  const signingKey = state.signingKey ?? (await newSigningKey())
  const save = () => saveState(stateFile, { accounts: accounts.all(), signingKey })
  const accounts = new Accounts(state.accounts, () => save())
  save()

  const liar = new Liar()
  liar.lies = options.lies ?? {}
  const grants = new Grants()
  let url = ''
  const issuer = () => `${url}/google`
  const signer = await signerOf(signingKey)

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use('/google', googleRoutes({ client: google, accounts, grants, liar, signer, issuer }))
  app.use('/github', githubRoutes({ client: github, accounts, grants, liar }))
  app.use(controlRoutes(accounts, liar))
  app.get('/', (_req, res) => {
    sendPage(res, 200, { title: 'OAuth sandbox', body: homePage(accounts) })
  })
  const server = createServer(app)
  server.listen(port, host)
  await once(server, 'listening')
  url = `http://${host}:${portOf(server)}`

  return {
    url,
    google: { ...google, issuer: issuer() },
    github: { ...github, url: `${url}/github`, apiUrl: `${url}/github/api` },
    lie: (lies) => {
      liar.lies = lies
    },
    async [Symbol.asyncDispose]() {
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
