import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Subscription } from './subscription.entity.ts'

/**
 * Units used above a limit, as they are reported to the provider: each row once. Its id is the key of the report.
 *
 * @see docs/decisions/0046-overage.md
 */
const OverageReportSchema = defineEntity({
  name: 'OverageReport',
  tableName: 'overage_reports',
  // Each report continues where the one before ended. So the same units are never counted twice, however many count.
  uniques: [{ name: 'overage_reports_counted', properties: ['subscription', 'feature', 'since', 'countedFrom'] }],
  indexes: [
    { name: 'overage_reports_open', properties: ['createdAt', 'id'], where: { sentAt: null, writtenOffAt: null } },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    subscription: () => p.manyToOne(Subscription).ref().deleteRule('cascade'),
    feature: p.string().length(64),
    /** Where the count begins that these units belong to: the period's start, or when the terms began to hold. */
    since: p.datetime(6),
    /** How many units above the limit were reported before. */
    countedFrom: p.bigint('number'),
    units: p.bigint('number'),
    /** In billing time. */
    usedAt: p.datetime(6),
    createdAt: p.datetime(6),
    /** Before the first attempt to report it, by the wall clock. The provider forgets keys after a day. */
    triedAt: p.datetime(6).nullable(),
    sentAt: p.datetime(6).nullable(),
    /** The subscription at the provider whose next invoice has the units. Null if the meter has them. */
    invoicedOn: p.string().length(255).nullable(),
    /** Set for units that can't be billed any more, because their price has left the subscription. */
    writtenOffAt: p.datetime(6).nullable(),
  },
})

export class OverageReport extends OverageReportSchema.class {}
OverageReportSchema.setClass(OverageReport)
