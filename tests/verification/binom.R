# Writes binom.csv beside this file: exact and Wilson limits as R computes them.
# Rscript tests/verification/binom.R > tests/verification/binom.csv
cases <- list(
  c(0, 1), c(1, 1), c(0, 5), c(5, 5), c(2, 5), c(0, 24), c(12, 24), c(24, 24), c(12, 12),
  c(4, 12), c(3, 27), c(27, 295), c(2, 16), c(4, 16), c(5, 16), c(5, 24), c(2, 24),
  c(17, 70), c(19, 50), c(1, 160), c(2, 340), c(50, 720), c(1, 1000), c(999, 1000)
)
cat("numerator,denominator,confidence,exact_lower,exact_upper,wilson_lower,wilson_upper\n")
for (case in cases) {
  for (confidence in c(0.9, 0.95, 0.998)) {
    exact <- binom.test(case[1], case[2], conf.level = confidence)$conf.int
    wilson <- suppressWarnings(
      prop.test(case[1], case[2], conf.level = confidence, correct = FALSE)$conf.int
    )
    cat(sprintf(
      "%d,%d,%s,%.17g,%.17g,%.17g,%.17g\n",
      case[1], case[2], confidence, exact[1], exact[2], wilson[1], wilson[2]
    ))
  }
}
