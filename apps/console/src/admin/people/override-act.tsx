import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useId, useState } from 'react'
import { api, trpc } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import { formatDay } from '../../words/dates.ts'
import { ActProblem } from '../kit/act-problem.ts'
import { ActOn, type ReadField } from '../kit/act.tsx'
import { endOfDay } from '../kit/end-of-day.ts'
import { readWhole } from '../kit/read-whole.ts'
import { differences, type News } from '../kit/stale.tsx'
import { t } from '../texts/catalogue.ts'

export type Override = RouterOutputs['admin']['entitlements']['list'][number]
type Value = Override['value']

const words = t.overrides
const VALUES = ['true', 'limit', 'false'] as const
const PERS = ['period', 'month', 'day', 'total'] as const

/** What an override allows: `Not allowed`, or `500 per month`. */
export function describeValue(value: Value): string {
  if (typeof value === 'boolean') return words.values[`${value}`]
  if (value.limit === null) return words.values.true
  return words.upTo(value.limit.toLocaleString(), words.pers[value.per])
}

/** What another operator has changed about an account's overrides. */
export const overrideNews = (accountId: string): News<readonly Override[]> => ({
  latest: () => api.admin.entitlements.list.query({ accountId }),
  changes: (seen, now) => differences(seen.map(textOf), now.map(textOf)),
})

const textOf = ({ feature, value, until, reason }: Override) =>
  [feature, words.inWords(describeValue(value), until ? words.ends(formatDay(until)) : words.noEnd, reason)] as const

/** Allows an account a feature or denies it, and says first what it replaces. */
export function OverrideAct({ accountId, overrides }: { accountId: string; overrides: readonly Override[] }) {
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const known = [
    ...(plans.data ?? []).flatMap(({ features }) => Object.keys(features)),
    ...overrides.map(({ feature }) => feature),
  ]
  return (
    <ActOn
      seen={overrides}
      news={overrideNews(accountId)}
      open={words.set}
      title={words.setTitle}
      confirm={words.setConfirm}
      done={words.setDone}
      consequences={(read, seen) => {
        const feature = read('feature').trim()
        if (feature === '') return [words.choose]
        const until = endOfDay(read('until'))
        const present = seen.find((each) => each.feature === feature)
        return [
          words.holds(feature, describeValue(valueOf(read))),
          ...(present?.isCurrent ? [words.replaces(describeValue(present.value))] : []),
          words.atOnce,
          ...(until ? [words.ends(formatDay(until))] : []),
        ]
      }}
      run={(read, seen) => {
        const feature = read('feature').trim()
        const revision = seen.find((each) => each.feature === feature)?.revision ?? null
        const terms = { value: valueOf(read), reason: read('reason').trim(), until: endOfDay(read('until')) }
        return api.admin.entitlements.override.mutate({ accountId, feature, revision, ...terms })
      }}
    >
      <OverrideFields features={[...new Set(known)].toSorted()} />
    </ActOn>
  )
}

/** @throws {ActProblem} for a limit that is no whole number. */
function valueOf(read: ReadField): Value {
  const value = read('value')
  if (value !== 'limit') return value !== 'false'
  const limit = readWhole(read('limit'))
  if (limit === null) throw new ActProblem(words.chooseLimit)
  return { limit, per: PERS.find((per) => per === read('per')) ?? 'period' }
}

function OverrideFields({ features }: { features: readonly string[] }) {
  const [value, setValue] = useState('true')
  const list = useId()
  return (
    <>
      <Field
        name="feature"
        label={words.feature}
        hint={words.featureHint}
        required
        maxLength={64}
        list={list}
        autoComplete="off"
      />
      <datalist id={list}>
        {features.map((feature) => (
          <option key={feature}>{feature}</option>
        ))}
      </datalist>
      <Select
        name="value"
        label={words.value}
        options={VALUES.map((each) => ({ value: each, label: words.values[each] }))}
        value={value}
        onChange={({ target }) => setValue(target.value)}
      />
      {value === 'limit' && (
        <>
          <Field name="limit" label={words.limit} required type="number" min={0} defaultValue={0} />
          <Select name="per" label={words.per} options={PERS.map((per) => ({ value: per, label: words.pers[per] }))} />
        </>
      )}
      <Field name="until" label={words.until} hint={words.untilHint} type="date" />
      <Field name="reason" label={words.reason} required maxLength={500} autoComplete="off" />
    </>
  )
}
