import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestMailServer, type TestMailServer } from '../../test/mail-server.ts'
import { createMailer, senderName, type Mailer, type OutgoingMail } from './smtp.ts'

describe('an email', () => {
  let server: TestMailServer
  let mailer: Mailer
  beforeAll(async () => {
    server = await createTestMailServer()
    mailer = createMailer({ smtpUrl: server.smtpUrl, from: 'Tollgate <no-reply@example.com>' })
  })
  beforeEach(() => {
    server.letters.length = 0
  })
  afterAll(async () => {
    mailer.close()
    await server[Symbol.asyncDispose]()
  })
  const send = (hostile: Partial<OutgoingMail>) => {
    const mail = { messageId: '1@example.com', to: 'ada@example.com', subject: 'Hi', text: 'Hi', html: '<p>Hi</p>' }
    return mailer.send({ ...mail, ...hostile })
  }

  test.each<[string, Partial<OutgoingMail>]>([
    ['subject', { subject: 'Welcome\r\nBcc: eve@example.com\r\n\r\n<b>now</b>' }],
    ['subject with bare line feeds', { subject: 'Welcome\nBcc: eve@example.com' }],
    ['Message-ID', { messageId: '1@example.com>\r\nBcc: eve@example.com\r\nX: <' }],
    ['text', { text: 'Hello\r\n.\r\nRCPT TO:<eve@example.com>\r\n' }],
  ])('gets no extra header and no second recipient from a hostile %s', async (_, hostile) => {
    await send(hostile)
    expect(server.letters).toHaveLength(1)
    const [letter] = server.letters
    expect(letter?.recipients).toEqual(['ada@example.com'])
    const usual = 'auto-submitted content-type date from message-id mime-version subject to'
    expect(letter?.headers.toSorted().join(' ')).toBe(usual)
  })

  test.each([
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com>\r\nRCPT TO:<eve@example.com',
    'ada@example.com, eve@example.com',
    '"ada@example.com" <eve@example.com>',
  ])('to %j is not sent', async (to) => {
    await expect(send({ to })).rejects.toThrow(/recipient/i)
    expect(server.letters).toEqual([])
  })
})

test.each([
  ['Tollgate <no-reply@example.com>', 'Tollgate'],
  ['"Bits & Pieces, Ltd." <no-reply@example.com>', 'Bits & Pieces, Ltd.'],
  ['no-reply@example.com', ''],
])('senderName of %s is "%s"', (from, name) => {
  expect(senderName(from)).toBe(name)
})
