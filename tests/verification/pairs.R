# Writes paired_tests.csv and matching.csv beside this file: stats, exactRankTests (0.8-35) and
# clue (0.3-64) under R 4.2.2.  cd tests/verification && Rscript pairs.R
suppressMessages({library(exactRankTests); library(clue)})
set.seed(2016)
number <- function(x) ifelse(is.na(x) | !is.finite(x), "", sprintf("%.17g", x))

rows <- character(0)
for (i in 1:200) {
  n <- sample(4:30, 1)
  first <- round(rnorm(n, 0.3) * 2) / 2
  second <- round(rnorm(n) * 2) / 2
  if (sd(first - second) == 0 || all(first == second)) first[1] <- first[1] + 0.5
  t <- t.test(first, second, paired = TRUE)
  moved <- (first - second)[first != second]
  rank <- wilcox.exact(moved, exact = TRUE)
  yes <- first > 0; other <- second > 0
  b <- sum(yes & !other); c <- sum(!yes & other)
  p <- if (b + c > 0) binom.test(b, b + c)$p.value else 1
  rows <- c(rows, paste(paste(first, collapse = " "), paste(second, collapse = " "),
    number(t$estimate), number(t$conf.int[1]), number(t$conf.int[2]), number(t$statistic),
    number(t$p.value), number(rank$statistic), number(rank$p.value), number(p), sep = ","))
}
writeLines(c("first,second,mean,lower,upper,t,t_p,rank_sum,rank_p,mcnemar_p", rows), "paired_tests.csv")

rows <- character(0)
for (i in 1:200) {
  size <- sample(2:8, 1); others <- size + sample(0:6, 1)
  age <- round(rnorm(size, 10, 4), 1); ages <- round(rnorm(others, 12, 5), 1)
  distance <- abs(outer(age, ages, "-")) / sd(c(age, ages))
  chosen <- solve_LSAP(distance)
  rows <- c(rows, paste(paste(age, collapse = " "), paste(ages, collapse = " "),
    number(sum(distance[cbind(seq_along(chosen), chosen)])), sep = ","))
}
writeLines(c("treated,comparators,total_distance", rows), "matching.csv")
