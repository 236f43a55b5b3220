import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'

/** An email about one fact. The unique index prevents a second email about the same fact. */
const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  indexes: [
    { name: 'mails_recipient', properties: ['recipient', 'createdAt', 'id'] },
    { name: 'mails_account', properties: ['accountId', 'createdAt', 'id'], where: { accountId: { $ne: null } } },
    { name: 'mails_user', properties: ['userId', 'createdAt', 'id'], where: { userId: { $ne: null } } },
    { name: 'mails_sent', properties: ['sentAt'], where: { sentAt: { $ne: null } } },
    { name: 'mails_template', properties: ['template', 'id'] },
    // The few that an admin looks for, among very many that were sent.
    { name: 'mails_unsent', properties: ['id'], where: { sentAt: null, failedAt: null } },
    { name: 'mails_failed', properties: ['id'], where: { failedAt: { $ne: null } } },
  ],
  properties: {
    /** Also the Message-ID, so that an email sent twice after a crash is recognizable as the same one. */
    id: p.uuid().primary().onCreate(newId),
    /** Template and object, and an occurrence if an object can have several: `subscription-renewed:in_123`. */
    fact: p.string().length(400).unique('mails_fact_unique'),
    template: p.string().length(64),
    recipient: p.string().length(254),
    /**
     * The user whose address it was, even if they have another one now. Null if it was no user's, and in rows of older versions.
     */
    userId: p.uuid().nullable(),
    /** The organization that it is about; null for a personal one, and in rows of older versions. */
    accountId: p.uuid().nullable(),
    createdAt: p.datetime(6),
    sentAt: p.datetime(6).nullable(),
    /** The values that the template shows; no secret is among them. Null in rows of older versions. */
    props: p.json<Record<string, unknown>>().nullable(),
    /** When it turned out that its link or code no longer works, so that it was not sent. */
    droppedAt: p.datetime(6).nullable(),
    /** When the last attempt to send it failed. */
    failedAt: p.datetime(6).nullable(),
    /** What the mail server said at the last attempt that failed. */
    lastError: p.text().nullable(),
  },
})

export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail)
