# Writes what R estimates from cohorts.csv and recurrent.csv, as five files beside it. Debian's r-cran-survival
# (3.5-3), r-cran-cmprsk (2.2-11) and r-cran-etm (1.1.1) under R 4.2.2.
# cd tests/verification && Rscript survival.R
suppressMessages({library(survival); library(cmprsk); library(etm)})
cohorts <- read.csv("cohorts.csv", stringsAsFactors = FALSE)
number <- function(x) ifelse(is.na(x) | !is.finite(x), "", sprintf("%.17g", x))
some <- function(days, most = 6) days[unique(round(seq(1, length(days), length.out = min(most, length(days)))))]
km <- aj <- tests <- cox <- character(0)
for (k in unique(cohorts$cohort)) {
  one <- cohorts[cohorts$cohort == k, ]
  delayed <- any(one$entry > 0)

  # Kaplan-Meier of cause 1, the other censored.
  fit <- survfit(Surv(entry, exit, cause == 1) ~ 1, data = one, conf.type = "log-log")
  events <- fit$time[fit$n.event > 0]
  if (length(events)) {
    at <- match(some(events), fit$time)
    km <- c(km, paste(k, fit$time[at], fit$n.risk[at], number(fit$surv[at]),
      number(fit$surv[at] * fit$std.err[at]), number(fit$lower[at]), number(fit$upper[at]), sep = ","))
  }

  # Aalen-Johansen of both causes.
  moves <- data.frame(id = seq_len(nrow(one)), entry = one$entry, exit = one$exit, from = 0,
    to = ifelse(one$cause == 0, "cens", as.character(one$cause)))
  possible <- matrix(FALSE, 3, 3); possible[1, 2:3] <- TRUE
  for (cause in c("1", "2")) {
    if (!all(c("1", "2") %in% moves$to)) next
    e <- etm(moves, c("0", "1", "2"), possible, "cens", s = 0)
    found <- summary(e, tr.choice = paste("0", cause), ci.fun = "cloglog")[[1]]
    days <- some(sort(unique(one$exit[one$cause != 0])))
    at <- match(days, found$time)
    aj <- c(aj, paste(k, cause, days, number(found$P[at]), number(sqrt(found$var[at])),
      number(found$lower[at]), number(found$upper[at]), sep = ","))
  }

  # Log-rank. survdiff knows no delayed entry; the score test of the exact partial likelihood
  # is the same test, and takes it.
  if (delayed) {
    score <- tryCatch(coxph(Surv(entry, exit, cause == 1) ~ group, data = one, ties = "exact",
      control = coxph.control(iter.max = 0)), warning = function(w) NULL, error = function(e) NULL)
    if (!is.null(score) && !anyNA(coef(score)) && sum(one$cause == 1) > 0)
      tests <- c(tests, paste(k, "log_rank", number(score$score), length(coef(score)), sep = ","))
  } else {
    difference <- tryCatch(survdiff(Surv(exit, cause == 1) ~ group, data = one), error = function(e) NULL)
    if (!is.null(difference) && sum(difference$exp > 0) > 1)
      tests <- c(tests, paste(k, "log_rank", number(difference$chisq),
        sum(difference$exp > 0) - 1, sep = ","))
    gray <- tryCatch(cuminc(one$exit, one$cause, one$group), error = function(e) NULL)
    if (!is.null(gray) && !is.null(gray$Tests))
      # A negative statistic is how cuminc says that the variance is singular.
      for (cause in rownames(gray$Tests)[gray$Tests[, "stat"] >= 0])
        tests <- c(tests, paste(k, paste0("gray_", cause), number(gray$Tests[cause, "stat"]),
          gray$Tests[cause, "df"], sep = ","))
  }

  # Cox with Efron's ties; only where it converges to finite coefficients.
  fit <- tryCatch(coxph(Surv(entry, exit, cause == 1) ~ metal + age, data = one, ties = "efron",
    control = coxph.control(eps = 1e-12, iter.max = 60, toler.chol = 1e-14)),
    warning = function(w) NULL, error = function(e) NULL)
  if (!is.null(fit) && !anyNA(coef(fit)) && max(abs(coef(fit))) < 5) {
    s <- summary(fit)
    for (scale in "km") {
      check <- tryCatch(cox.zph(fit, transform = scale)$table, error = function(e) NULL)
      if (!is.null(check)) cox <- c(cox, paste(k, paste0("proportional_", scale), c("metal", "age", "all"),
        number(check[c("metal", "age", "GLOBAL"), "chisq"]), "", sep = ","))
    }
    cox <- c(cox,
      paste(k, "coefficient", names(coef(fit)), number(coef(fit)), number(sqrt(diag(vcov(fit)))), sep = ","),
      paste(k, "log_likelihood", c("null", "fitted"), number(fit$loglik), "", sep = ","),
      paste(k, "test", c("likelihood_ratio", "wald", "score"),
        number(c(s$logtest["test"], fit$wald.test, fit$score)), "", sep = ","))
  }
}
# Mean cumulative function with its robust standard error, from one row per member.
recurrent <- read.csv("recurrent.csv", stringsAsFactors = FALSE, colClasses = c(days = "character"))
mean_curves <- character(0)
for (k in unique(recurrent$cohort)) {
  one <- recurrent[recurrent$cohort == k, ]
  pieces <- do.call(rbind, lapply(seq_len(nrow(one)), function(i) {
    events <- as.numeric(strsplit(one$days[i], " ")[[1]])
    stops <- sort(unique(c(events, one$exit[i])))
    data.frame(id = i, start = c(one$entry[i], head(stops, -1)), stop = stops,
      event = as.numeric(stops %in% events))
  }))
  if (!any(pieces$event == 1)) next
  fit <- survfit(Surv(start, stop, event) ~ 1, data = pieces, id = id, robust = TRUE)
  at <- match(some(fit$time[fit$n.event > 0]), fit$time)
  mean_curves <- c(mean_curves, paste(k, fit$time[at], fit$n.risk[at], number(fit$cumhaz[at]),
    number(fit$std.chaz[at]), sep = ","))
}
writeLines(c("cohort,day,at_risk,mean,standard_error", mean_curves), "mean_cumulative.csv")
writeLines(c("cohort,day,at_risk,survival,standard_error,lower,upper", km), "kaplan_meier.csv")
writeLines(c("cohort,cause,day,incidence,standard_error,lower,upper", aj), "aalen_johansen.csv")
writeLines(c("cohort,test,statistic,degrees_of_freedom", tests), "group_tests.csv")
writeLines(c("cohort,what,which,value,standard_error", cox), "cox.csv")
