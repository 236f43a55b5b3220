import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'

/** One mail for one fact: a second mail for the same fact can't be queued. */
const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  properties: {
    /** Also the Message-ID: a mail that is sent twice after a crash is recognised as the same one. */
    id: p.uuid().primary().onCreate(newId),
    /** (template, object, occurrence), such as `renewed:in_123`. */
    fact: p.string().length(400).unique('mails_fact_unique'),
    template: p.string().length(64),
    recipient: p.string().length(254),
    createdAt: p.datetime(6),
    sentAt: p.datetime(6).nullable(),
  },
})

export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail)
