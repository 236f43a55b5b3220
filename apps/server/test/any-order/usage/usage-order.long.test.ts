import { describeUsage } from './describe-usage.ts'

describeUsage(Array.from({ length: Number(process.env['TOLLGATE_SEEDS'] ?? 100) }, (_, index) => 1_001 + index))
