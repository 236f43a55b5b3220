import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startInbox } from './inbox.ts'

const mailDirectory = mkdtempSync(join(tmpdir(), 'tollgate-inbox-'))
afterAll(() => rmSync(mailDirectory, { recursive: true, force: true }))

test('an email can be read over HTTP, also after the inbox restarts', async () => {
  const first = await startInbox({ mailDirectory })
  await sendMail(first.smtpUrl, { to: 'ada@example.com', subject: 'Hello' })
  expect(await subjects(first.url)).toEqual(['Hello'])
  expect(await subjects(first.apiUrl)).toEqual(['Hello'])
  await first.stop()

  await using second = await startInbox({ mailDirectory })
  expect(await subjects(second.url)).toEqual(['Hello'])
}, 90_000) // two processes start one after the other

test('the page shows mails, nothing in a mail runs, and only the inbox itself can delete all', async () => {
  await using inbox = await startInbox()
  await sendMail(inbox.smtpUrl, { to: 'ada@example.com', subject: '<b>Hello</b>' })
  const page = async (path: string) => (await fetch(`${inbox.url}${path}`)).text()
  await expect.poll(() => subjects(inbox.url)).toEqual(['<b>Hello</b>'])
  const list = await page('/')
  expect(list).toContain('&lt;b&gt;Hello&lt;/b&gt;')
  expect(list).not.toContain('<b>Hello')
  expect(list).toContain(inbox.smtpUrl)

  const [, path = ''] = /href="(\/mail\/[\w-]+)"/.exec(list) ?? []
  expect(await page(`${path}?view=text`)).toContain('Good day.')
  const frame = await fetch(`${inbox.url}${path}/html`)
  expect(frame.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect((await fetch(`${inbox.url}/mail/unknown`)).status).toBe(404)

  const deleteAll = (site: string) =>
    fetch(`${inbox.url}/delete-all`, { method: 'POST', headers: { 'sec-fetch-site': site }, redirect: 'manual' })
  expect((await deleteAll('cross-site')).status).toBe(403)
  expect(await subjects(inbox.url)).toHaveLength(1)
  expect((await deleteAll('same-origin')).status).toBe(303)
  expect(await subjects(inbox.url)).toEqual([])
}, 90_000)

test('the error names the problem when the port is taken', async () => {
  await using running = await startInbox()
  const smtpPort = Number(new URL(running.smtpUrl).port)
  await expect(startInbox({ smtpPort })).rejects.toThrow('EADDRINUSE')
}, 90_000)

async function subjects(url: string): Promise<string[]> {
  const mails = (await (await fetch(`${url}/api/email`)).json()) as { subject: string }[]
  return mails.map((mail) => mail.subject)
}

/** Speaks SMTP directly: sends a line, then waits for the server's answer. */
async function sendMail(smtpUrl: string, { to, subject }: { to: string; subject: string }): Promise<void> {
  const socket = connect(Number(new URL(smtpUrl).port), '127.0.0.1')
  await once(socket, 'data')
  const message = `From: shop@example.com\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nGood day.\r\n.`
  for (const line of ['HELO test', 'MAIL FROM:<shop@example.com>', `RCPT TO:<${to}>`, 'DATA', message, 'QUIT']) {
    socket.write(`${line}\r\n`)
    await once(socket, 'data')
  }
  socket.destroy()
}
