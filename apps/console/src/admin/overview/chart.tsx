import type { ReactNode } from 'react'
import { Link, useNavigate } from 'react-router'
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { t } from '../texts/catalogue.ts'
import type { Bucket, Period } from './buckets.ts'
import { fullLabelOf, labelOf } from './words.ts'

/** A series of a chart, which is a column of its table. */
export interface Series<Figures extends string> {
  figure: Figures
  label: string
  /** The number of the color, see `tokens.css`. */
  color: 1 | 2 | 3 | 4 | 5 | 6
}

interface ChartProps<Figures extends string> {
  title: string
  /** What the chart says, in a sentence. */
  summary: string
  shape: 'area' | 'bars'
  period: Period
  buckets: readonly Bucket<Figures>[]
  series: readonly Series<Figures>[]
  format: (value: number) => string
  /** For the side of the chart. */
  formatShort: (value: number) => string
  /** The rows behind a figure; without a figure, those of the whole period. */
  pathOf: (bucket: Bucket<Figures>, figure?: Figures) => string
}

/** A chart, and the same figures as a table. */
export function Chart<Figures extends string>(props: ChartProps<Figures>) {
  const { title, summary, series, buckets } = props
  const isEmpty = buckets.every(({ figures }) => series.every(({ figure }) => figures[figure] === 0))
  return (
    <section className="overview-chart" aria-label={title}>
      <div className="overview-chart-head">
        <h2>{title}</h2>
        {series.length > 1 && (
          <ul className="overview-legend">
            {series.map(({ figure, label, color }) => (
              <li key={figure} data-color={color}>
                {label}
              </li>
            ))}
          </ul>
        )}
      </div>
      {isEmpty ? (
        <p className="overview-plot overview-plot-empty quiet">{t.overview.noData}</p>
      ) : (
        <div className="overview-plot" role="img" aria-label={summary}>
          <Plot {...props} />
        </div>
      )}
      <details className="overview-table">
        <summary>{t.overview.asTable}</summary>
        <FigureTable {...props} />
      </details>
    </section>
  )
}

const TICK = { fontSize: 12, fill: 'var(--ink-quiet)' }
const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 }

function Plot<Figures extends string>(props: ChartProps<Figures>) {
  const { shape, period, buckets, series, format, formatShort, pathOf } = props
  const navigate = useNavigate()
  const rows = buckets.map((bucket) => ({ label: labelOf(bucket.from, period), ...bucket.figures }))
  const open = ({ activeTooltipIndex }: { activeTooltipIndex?: unknown }) => {
    const bucket = buckets[Number(activeTooltipIndex ?? Number.NaN)]
    if (bucket) void navigate(pathOf(bucket))
  }
  const frame: ReactNode = (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="label" tick={TICK} tickLine={false} axisLine={false} minTickGap={24} />
      <YAxis
        tick={TICK}
        tickLine={false}
        axisLine={false}
        width="auto"
        tickFormatter={formatShort}
        tickCount={5}
        allowDecimals={false}
      />
      <ReferenceLine y={0} stroke="var(--line-strong)" />
      <Tooltip
        cursor={{ fill: 'var(--surface-sunken)', stroke: 'var(--line-strong)' }}
        isAnimationActive={false}
        content={({ active, activeIndex }) => (
          <Tip props={props} bucket={active ? buckets[Number(activeIndex ?? Number.NaN)] : undefined} format={format} />
        )}
      />
    </>
  )
  const chart = { data: rows, margin: MARGIN, accessibilityLayer: false, onClick: open } as const
  return (
    <ResponsiveContainer width="100%" height="100%">
      {shape === 'area' ? (
        <AreaChart {...chart}>
          {frame}
          {series.map(({ figure, color }) => (
            <Area
              key={figure}
              dataKey={figure}
              type="stepAfter"
              stroke={`var(--chart-${color})`}
              strokeWidth={2}
              fill={`var(--chart-${color})`}
              fillOpacity={0.14}
              isAnimationActive={false}
            />
          ))}
        </AreaChart>
      ) : (
        <BarChart {...chart} stackOffset="sign" barCategoryGap="20%">
          {frame}
          {series.map(({ figure, color }) => (
            <Bar key={figure} dataKey={figure} stackId="all" fill={`var(--chart-${color})`} isAnimationActive={false} />
          ))}
        </BarChart>
      )}
    </ResponsiveContainer>
  )
}

interface TipProps<Figures extends string> {
  props: ChartProps<Figures>
  bucket: Bucket<Figures> | undefined
  format: (value: number) => string
}

function Tip<Figures extends string>({ props: { period, series }, bucket, format }: TipProps<Figures>) {
  if (!bucket) return null
  const shown = series.filter(({ figure }) => series.length === 1 || bucket.figures[figure] !== 0)
  return (
    <div className="overview-tip">
      <strong>{fullLabelOf(bucket.from, period)}</strong>
      <dl>
        {shown.map(({ figure, label, color }) => (
          <div key={figure}>
            <dt data-color={color}>{label}</dt>
            <dd>{format(bucket.figures[figure])}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The same figures for everyone who can't see the chart, or wants the numbers. Each leads to its rows. */
function FigureTable<Figures extends string>(props: ChartProps<Figures>) {
  const { title, period, buckets, series, format, pathOf } = props
  return (
    <div className="table-frame overview-table-frame">
      <table className="table overview-figures">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.overview.period[period]}</th>
            {series.map(({ figure, label }) => (
              <th key={figure} scope="col" data-align="end">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.toReversed().map((bucket) => (
            <tr key={bucket.from}>
              <th scope="row">{fullLabelOf(bucket.from, period)}</th>
              {series.map(({ figure, label }) => (
                <td key={figure} data-align="end" data-label={label}>
                  <Link to={pathOf(bucket, figure)}>{format(bucket.figures[figure])}</Link>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
