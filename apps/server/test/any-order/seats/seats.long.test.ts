import { describeSeats } from './describe-seats.ts'

describeSeats(Array.from({ length: Number(process.env['TOLLGATE_SEEDS'] ?? 60) }, (_, index) => 1_001 + index))
