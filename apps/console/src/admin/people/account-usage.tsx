import { useQuery } from '@tanstack/react-query'
import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { formatUnitPrice } from '../../words/price.ts'
import type { Tone } from '../../words/tone.ts'
import { Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'

type Usage = RouterOutputs['admin']['accounts']['usage']
type Feature = Usage['features'][number]
type Reservation = Usage['reservations'][number]
type Call = NonNullable<Usage['lastUses']>[number]

const words = t.usage
/** From which part of the limit on the meter warns. */
const NEARLY = 0.8

const FEATURES: Column<Feature>[] = [
  {
    title: words.feature,
    cell: ({ feature, isOverridden }) => (
      <span className="badges">
        <code>{feature}</code>
        {isOverridden && <Badge tone="calm" label={words.overridden} />}
      </span>
    ),
  },
  { title: words.used, cell: (feature) => <Used feature={feature} /> },
  {
    title: words.per,
    cell: (feature) => (isCounted(feature) ? t.overrides.pers[feature.per] : <Quiet>{t.money.any}</Quiet>),
  },
  {
    title: words.resets,
    cell: (feature) =>
      feature.resetsAt ? (
        <Moment at={feature.resetsAt} />
      ) : (
        <Quiet>{isCounted(feature) ? words.never : t.money.any}</Quiet>
      ),
  },
  {
    title: words.lastUsed,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <Moment at={lastUsedAt} /> : <Quiet>{words.notYet}</Quiet>),
  },
  { title: words.overage, cell: (feature) => <Overage feature={feature} /> },
]

const RESERVATIONS: Column<Reservation>[] = [
  { title: words.feature, cell: ({ feature }) => <code>{feature}</code> },
  { title: words.amount, cell: ({ amount }) => amount.toLocaleString(), align: 'end' },
  { title: words.key, cell: ({ key }) => <code>{key}</code> },
  { title: words.expires, cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
]

const TONES: Record<Call['state'], Tone> = {
  counted: 'good',
  settled: 'good',
  open: 'calm',
  returned: 'calm',
  expired: 'calm',
  denied: 'bad',
}

const CALLS: Column<Call>[] = [
  { title: words.at, cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { title: words.feature, cell: ({ feature }) => <code>{feature}</code> },
  { title: words.amount, cell: amountOf, align: 'end' },
  { title: words.state, cell: ({ state }) => <Badge tone={TONES[state]} label={words.states[state]} /> },
  { title: words.key, cell: ({ key }) => <code>{key}</code> },
]

/** What an account has used of every feature, what is reserved, and its latest calls. */
export function AccountUsage({ accountId }: { accountId: string }) {
  const query = useQuery(trpc.admin.accounts.usage.queryOptions({ id: accountId }))
  const { data } = query
  return (
    <>
      <Section title={words.title}>
        {query.isError && !data && <LoadFailure error={query.error} retry={() => void query.refetch()} />}
        {data?.features.length === 0 && <p className="quiet">{words.empty}</p>}
        {data && data.features.length > 0 && (
          <DataTable
            caption={words.title}
            columns={FEATURES}
            items={data.features.toSorted((one, other) => Number(isCounted(other)) - Number(isCounted(one)))}
            keyOf={({ feature }) => feature}
          />
        )}
      </Section>
      {data && data.reservations.length > 0 && (
        <Section title={words.reservations}>
          <DataTable
            caption={words.reservations}
            columns={RESERVATIONS}
            items={data.reservations}
            keyOf={({ id }) => id}
          />
        </Section>
      )}
      {data && data.lastUses?.length !== 0 && (
        <Section title={words.lastUses}>
          {data.lastUses ? (
            <DataTable caption={words.lastUses} columns={CALLS} items={data.lastUses} keyOf={({ id }) => id} />
          ) : (
            <p className="quiet">{words.tooMany}</p>
          )}
        </Section>
      )}
    </>
  )
}

/** Whether it is counted, rather than only allowed or not. */
const isCounted = ({ limit, used, per, lastUsedAt }: Feature): boolean =>
  used > 0 || lastUsedAt !== null || (limit === null ? per !== 'total' : limit > 0)

function Used({ feature }: { feature: Feature }) {
  const { feature: name, limit, used, reserved, allowed } = feature
  if (!isCounted(feature)) return allowed ? words.included : <Quiet>{words.notIncluded}</Quiet>
  const share = limit ? used / limit : 0
  return (
    <div className="people-usage">
      {limit === null
        ? words.unlimited(used.toLocaleString())
        : words.of(used.toLocaleString(), limit.toLocaleString())}
      {reserved > 0 && <div className="quiet">{words.reserved(reserved.toLocaleString())}</div>}
      {limit !== null && limit > 0 && (
        <meter
          aria-label={name}
          className="usage-meter"
          data-tone={share >= 1 ? 'bad' : share >= NEARLY ? 'warn' : undefined}
          min={0}
          max={limit}
          value={Math.min(used, limit)}
        />
      )}
    </div>
  )
}

function Overage({ feature }: { feature: Feature }) {
  const { overage, limit } = feature
  if (!overage) return <Quiet>{limit === null || !isCounted(feature) ? t.money.any : words.stops}</Quiet>
  const { units, unitPriceCents, currency, amountCents } = overage
  return words.billed(
    units.toLocaleString(),
    formatUnitPrice(unitPriceCents, currency),
    formatMoney(amountCents, currency),
  )
}

function amountOf({ amount, asked }: Call): string {
  const [counts, wanted] = [amount.toLocaleString(), asked.toLocaleString()]
  return amount === asked ? counts : words.asked(counts, wanted)
}

const Quiet = ({ children }: { children: string }) => <span className="quiet">{children}</span>
