# Kaplan-Meier with interval and delayed entry as survival computes it.
# Rscript survival_peer.R FOLDER ROUNDS ROWS
# Prints processor seconds of each round and survival at five years.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(arguments[3])
read <- function(name) readBin(file.path(arguments[1], paste0(name, ".i32")), "integer", rows, 4)
entry <- read("entry"); leave <- read("exit"); event <- read("event")
seconds <- numeric(0)
for (i in seq_len(as.integer(arguments[2]))) {
  start <- sum(proc.time()[c("user.self", "sys.self")])
  fit <- survfit(Surv(entry, leave, event) ~ 1, conf.type = "log-log")
  seconds <- c(seconds, sum(proc.time()[c("user.self", "sys.self")]) - start)
}
cat(sprintf('{"seconds": [%s], "survival": %.17g}\n', paste(seconds, collapse = ", "),
  summary(fit, times = 1826)$surv))
