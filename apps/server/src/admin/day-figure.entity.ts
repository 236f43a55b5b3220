import { defineEntity, p } from '@mikro-orm/core'

const SOURCES = ['mrr', 'payments', 'users'] as const
/** What a figure by day is counted from. */
export type DaySource = (typeof SOURCES)[number]

/** A figure of one day, counted once. */
const DayFigureSchema = defineEntity({
  name: 'DayFigure',
  tableName: 'day_figures',
  properties: {
    source: p.enum(SOURCES).primary(),
    day: p.date().primary(),
    figure: p.string().length(32).primary(),
    /** Empty if the figure is not money. */
    currency: p.string().length(3).primary(),
    count: p.bigint('number'),
    amount: p.decimal().precision(30).scale(6),
  },
})

export class DayFigure extends DayFigureSchema.class {}
DayFigureSchema.setClass(DayFigure)

/** A day whose figures are counted. A day without figures has this row, too. */
const CountedDaySchema = defineEntity({
  name: 'CountedDay',
  tableName: 'counted_days',
  properties: {
    source: p.enum(SOURCES).primary(),
    day: p.date().primary(),
    countedAt: p.datetime(6),
  },
})

export class CountedDay extends CountedDaySchema.class {}
CountedDaySchema.setClass(CountedDay)

/**
 * A day of which a row has changed, so that its figures must be counted again. Triggers only insert such rows, so that
 * no transaction waits for another; the count of the day removes those that it has seen.
 */
const StaleDaySchema = defineEntity({
  name: 'StaleDay',
  tableName: 'stale_days',
  indexes: [{ name: 'stale_days_source', properties: ['source', 'day'] }],
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    source: p.enum(SOURCES),
    day: p.date(),
  },
})

export class StaleDay extends StaleDaySchema.class {}
StaleDaySchema.setClass(StaleDay)
