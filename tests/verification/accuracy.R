# Writes accuracy.csv, bootstrap.csv and rates.csv beside this file: epiR (2.0.57), boot and
# stats under R 4.2.2.  cd tests/verification && Rscript accuracy.R
suppressMessages({library(epiR); library(boot)})
number <- function(x) ifelse(is.na(x) | !is.finite(x), "", sprintf("%.17g", x))
set.seed(126152)

rows <- character(0)
tables <- c(list(c(17, 2, 4, 27), c(20, 1, 1, 14), c(231, 32, 27, 54)),
  lapply(1:197, function(i) rpois(4, sample(c(3, 8, 40), 1)) + 1))
for (i in seq_along(tables)) {
  cells <- tables[[i]]
  found <- epi.tests(matrix(cells, 2, byrow = TRUE), method = "exact", conf.level = 0.95)$detail
  for (which in c("se", "sp", "pv.pos", "pv.neg", "lr.pos", "lr.neg")) {
    one <- found[found$statistic == which, ]
    rows <- c(rows, paste(i, paste(cells, collapse = ","), which, number(one$est), number(one$lower),
      number(one$upper), sep = ","))
  }
}
writeLines(c("table,true_positive,false_positive,false_negative,true_negative,figure,value,lower,upper",
  rows), "accuracy.csv")

rows <- character(0)
for (size in c(19, 99, 200, 999)) for (level in c(0.8, 0.9, 0.95)) {
  drawn <- round(rnorm(size), 4)
  made <- list(t0 = 0, t = matrix(drawn), R = size, data = 1, strata = 1, weights = 1, sim = "ordinary", call = NULL)
  class(made) <- "boot"
  limits <- suppressWarnings(boot.ci(made, conf = level, type = "perc")$percent[4:5])
  rows <- c(rows, paste(level, number(limits[1]), number(limits[2]), paste(drawn, collapse = " "), sep = ","))
}
writeLines(c("confidence,lower,upper,drawn", rows), "bootstrap.csv")

rows <- character(0)
for (i in 1:200) {
  events <- rpois(2, sample(c(1, 6, 50), 1)); days <- sample(10:100000, 2)
  level <- sample(c(0.9, 0.95, 0.998), 1)
  one <- poisson.test(events[1], days[1] / 36525, conf.level = level)
  ratio <- NA; limits <- c(NA, NA); p <- NA
  if (sum(events) > 0) {
    two <- poisson.test(events, days, conf.level = level)
    ratio <- two$estimate; limits <- two$conf.int
    p <- min(1, 2 * min(poisson.test(events, days, alternative = "less")$p.value,
      poisson.test(events, days, alternative = "greater")$p.value))
  }
  excess <- poisson.test(events[1], 1, r = events[2] + 0.5, alternative = "greater")$p.value
  rows <- c(rows, paste(events[1], days[1], events[2], days[2], level, number(one$estimate),
    number(one$conf.int[1]), number(one$conf.int[2]), number(ratio), number(limits[1]),
    number(limits[2]), number(p), number(excess), sep = ","))
}
writeLines(c(paste0("events,days,other_events,other_days,confidence,rate,rate_lower,rate_upper,",
  "ratio,ratio_lower,ratio_upper,ratio_p,excess_p"), rows), "rates.csv")
