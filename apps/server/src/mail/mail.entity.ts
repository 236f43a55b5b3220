import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'

/** An email about one fact. The unique index prevents a second email about the same fact. */
const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  indexes: [
    { name: 'mails_recipient', properties: ['recipient', 'createdAt', 'id'] },
    { name: 'mails_account', properties: ['accountId', 'createdAt', 'id'], where: { accountId: { $ne: null } } },
    { name: 'mails_sent', properties: ['sentAt'], where: { sentAt: { $ne: null } } },
  ],
  properties: {
    /** Also the Message-ID, so that an email sent twice after a crash is recognizable as the same one. */
    id: p.uuid().primary().onCreate(newId),
    /** Template and object, and an occurrence if an object can have several: `subscription-renewed:in_123`. */
    fact: p.string().length(400).unique('mails_fact_unique'),
    template: p.string().length(64),
    recipient: p.string().length(254),
    /** The organization that it is about; null for a personal one, and in rows of older versions. */
    accountId: p.uuid().nullable(),
    createdAt: p.datetime(6),
    sentAt: p.datetime(6).nullable(),
  },
})

export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail)
