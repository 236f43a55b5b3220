import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import express, { type Express, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { brandCss } from '../platform/brand/brand.ts'
import { brandMark } from '../platform/brand/mark.ts'
import { createErrorHandler, methodNotAllowed } from '../platform/http/error-response.ts'
import { hostnameIsLoopback } from '../platform/http/loopback.ts'
import type { Log } from '../platform/log.ts'
import { copyOf, listBuiltFiles } from './built-files.ts'
import { BRAND_CSS, fillInSettings, versionOf, type ConsoleSettings } from './console-page.ts'

export interface ConsoleOptions extends ConsoleSettings {
  /** The folder of the built console. */
  readonly folder: string
  /** Whether browsers should insist on https from now on. */
  readonly isProduction: boolean
  readonly log: Log
}

const FOREVER = 'public, max-age=31536000, immutable'
const FOR_A_WHILE = 'public, max-age=3600'
/** In place of the build's own: it is the product's mark, also on the page. */
const FAVICON = '/favicon.svg'
/** The names of the files in here change with their content. */
const HASHED = '/assets/'

/**
 * Serves the built console. Every path that is no file gets its page, which shows what the path is about.
 *
 * The page has the settings in it, so it is never cached. A file that is gone is a 404, so that no browser takes the
 * page for a script of an older version.
 */
export function createConsoleApp({ folder, isProduction, log, ...settings }: ConsoleOptions): Express {
  const source = readFileSync(join(folder, 'index.html'), 'utf8')
  const addresses = isProduction ? [settings.apiUrl] : loopbackNames(settings.apiUrl)
  const pages = addresses.map((apiUrl) => ({
    host: new URL(apiUrl).hostname,
    text: fillInSettings(source, { ...settings, apiUrl }),
  }))
  const pageAt = (host: string) => (pages.find((page) => page.host === host) ?? pages[0])?.text
  const colors = brandCss(settings.brand)
  const version = versionOf(colors)
  const mark = brandMark(settings.brand)

  const app = express()
  app.disable('x-powered-by')
  app.use(protect(addresses, isProduction))
  app.use((req, res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') next()
    else methodNotAllowed('GET', 'HEAD')(req, res, next)
  })
  app.get(BRAND_CSS, (req, res) => {
    res.set('Cache-Control', req.query['v'] === version ? FOREVER : 'no-cache')
    res.type('css').send(colors)
  })
  app.get(FAVICON, (_req, res) => {
    res.set('Cache-Control', FOR_A_WHILE).type('svg').send(mark)
  })
  app.use(serveFiles(folder))
  app.use((req, res) => {
    if (req.path.startsWith(HASHED)) refuse(res)
    else res.set('Cache-Control', 'no-cache').type('html').send(pageAt(req.hostname))
  })
  app.use(createErrorHandler(log))
  return app
}

/** A page's address may hold a token from an email: no other site may see it, and no script that is not ours may run. */
function protect(apiUrls: readonly string[], isProduction: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'https:', 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", ...apiUrls.map((url) => new URL(url).origin)],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isProduction,
    xFrameOptions: { action: 'deny' },
  })
}

/**
 * The API's address under each name of this machine, its own first. To a browser they are two sites, so a page that was
 * opened as `localhost` must call the API as `localhost` to keep its session.
 */
function loopbackNames(apiUrl: string): string[] {
  const own = new URL(apiUrl)
  if (!hostnameIsLoopback(own.hostname)) return [apiUrl]
  const others = ['127.0.0.1', 'localhost'].filter((name) => name !== own.hostname)
  return [apiUrl, ...others.map((name) => apiUrl.replace(own.host, own.host.replace(own.hostname, name)))]
}

function serveFiles(folder: string): RequestHandler {
  const files = listBuiltFiles(folder)
  return (req, res, next) => {
    const file = files.get(req.path)
    if (!file) return next()
    const encoding = file.encodings.find((one) => req.acceptsEncodings([one, 'identity']) === one)
    res.set('Cache-Control', req.path.startsWith(HASHED) ? FOREVER : FOR_A_WHILE)
    res.type(extname(file.path))
    if (file.encodings.length > 0) res.vary('Accept-Encoding')
    if (encoding) res.set('Content-Encoding', encoding)
    send(res, folder, encoding ? copyOf(file.path, encoding) : file.path)
  }
}

/** Sends a file, or the part of it that was asked for. An upgrade may have deleted it since the start. */
function send(res: Response, root: string, path: string): void {
  res.sendFile(path, { root, cacheControl: false, dotfiles: 'allow' }, (error) => {
    if (!error || res.headersSent) return
    res.removeHeader('Content-Encoding')
    refuse(res, 'status' in error && error.status === 416 ? 416 : 404)
  })
}

function refuse(res: Response, status: 404 | 416 = 404): void {
  res.status(status).set('Cache-Control', 'no-store').type('text')
  res.send(status === 404 ? 'Not found.' : 'The file is shorter than that.')
}
