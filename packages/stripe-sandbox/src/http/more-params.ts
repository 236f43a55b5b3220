import { invalidRequest } from './errors.ts'
import type { Param } from './params.ts'

/** A number that may have decimals, such as a percentage. */
export function decimal({ above = -Infinity, max = Infinity } = {}): Param<number> {
  return {
    read(value, path) {
      if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value))
        throw invalidRequest(`Invalid decimal: ${typeof value === 'string' ? value : JSON.stringify(value)}`, {
          param: path,
          code: 'parameter_invalid_decimal',
        })
      const number = Number(value)
      if (number <= above) throw invalidRequest(`This value must be greater than ${above}.`, { param: path })
      if (number > max) throw invalidRequest(`This value must be less than or equal to ${max}.`, { param: path })
      return number
    },
  }
}

/** A number of at most 12 decimals, as text without needless zeros: `0.50` is `0.5`. Only a credit is negative. */
export function decimalAmount({ max, negative = false }: { max: number; negative?: boolean }): Param<string> {
  return {
    read(value, path) {
      const [, sign = '', whole, fraction] =
        /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(typeof value === 'string' ? value : '') ?? []
      if (whole === undefined || (sign !== '' && !negative))
        throw invalidRequest(`Invalid decimal: ${typeof value === 'string' ? value : JSON.stringify(value)}`, {
          param: path,
          code: 'parameter_invalid_decimal',
        })
      const text = fraction === undefined ? whole : `${whole}.${fraction}`.replace(/\.?0*$/, '')
      if (Number(text) > max) throw invalidRequest(`This value must be less than or equal to ${max}.`, { param: path })
      return sign + text.replace(/^0+(?=\d)/, '')
    },
  }
}

/** A hash whose keys are up to the caller, such as currencies. */
export function hashOf<T>(of: Param<T>): Param<Record<string, T>> {
  return {
    read(value, path) {
      if (typeof value === 'string' || Array.isArray(value)) throw invalidRequest('Invalid object', { param: path })
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, of.read(entry, `${path}[${key}]`)]))
    },
  }
}
