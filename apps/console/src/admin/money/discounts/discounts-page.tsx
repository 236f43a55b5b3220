import { useInfiniteQuery } from '@tanstack/react-query'
import { formatMoney } from '@tollgate/client'
import { trpc } from '../../../api.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Moment } from '../../../parts/moment.tsx'
import { choice, useFilters } from '../../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../../kit/list-page.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { CreateDiscountAct } from './create-discount-act.tsx'
import { discountTerms, type Discount } from './discount-words.ts'
import { EndDiscountAct } from './end-discount-act.tsx'

const words = t.discounts

const FILTERS = { status: choice(words.status, choicesOf(words.statuses)) }

const COLUMNS: Column<Discount>[] = [
  { title: words.name, cell: ({ name }) => name },
  { title: words.takesOff, cell: discountTerms },
  {
    title: words.code,
    cell: (discount) =>
      discount.code ? <CodeOf {...discount} code={discount.code} /> : <span className="quiet">{words.noCode}</span>,
  },
  { title: words.plans, cell: ({ plans }) => plans?.join(', ') ?? <span className="quiet">{words.allPlans}</span> },
  { title: words.redeemed, cell: redemptionsOf, align: 'end' },
  {
    title: words.expires,
    cell: ({ expiresAt }) => (expiresAt ? <Moment at={expiresAt} /> : <span className="quiet">{words.never}</span>),
  },
  {
    title: words.status,
    cell: ({ status }) => <Badge tone={status === 'active' ? 'good' : 'calm'} label={words.statuses[status]} />,
  },
  {
    title: words.acts,
    isTitleHidden: true,
    align: 'end',
    cell: (discount) => discount.status === 'active' && <EndDiscountAct discount={discount} />,
  },
]

/** All discounts, and how often each was redeemed. */
export function DiscountsPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.discounts.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      name="discounts"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={words.empty}
      actions={<CreateDiscountAct />}
    />
  )
}

/** A code, and who may redeem it. */
function CodeOf({ code, firstTimeOnly, minimumAmount, currency }: Discount & { code: string }) {
  return (
    <div>
      <code>{code}</code>
      {firstTimeOnly && <div className="quiet">{words.newOnly}</div>}
      {minimumAmount !== null && currency !== null && (
        <div className="quiet">{words.fromAmount(formatMoney(minimumAmount, currency))}</div>
      )}
    </div>
  )
}

function redemptionsOf({ redemptions, maxRedemptions }: Discount): string {
  const count = redemptions?.toLocaleString() ?? t.money.any
  return maxRedemptions === null ? count : words.redeemedOf(count, maxRedemptions.toLocaleString())
}
