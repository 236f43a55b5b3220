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
  await first.stop()

  await using second = await startInbox({ mailDirectory })
  expect(await subjects(second.url)).toEqual(['Hello'])
}, 90_000) // two processes start one after the other

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
