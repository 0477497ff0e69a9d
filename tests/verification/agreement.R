# Writes kappa.csv beside this file: Kappa of r-cran-vcd (1.4-11) under R 4.2.2, on 200 tables.
# cd tests/verification && Rscript agreement.R
suppressMessages(library(vcd))
set.seed(1960)
rows <- character(0)
for (i in 1:200) {
  k <- sample(2:5, 1)
  cells <- matrix(rpois(k * k, 2) + diag(rpois(k, sample(c(3, 20), 1)), k), k) + (i %% 2)
  if (any(rowSums(cells) == 0) || any(colSums(cells) == 0)) cells <- cells + 1
  for (kind in c("Equal-Spacing", "Fleiss-Cohen")) {
    found <- Kappa(cells, weights = kind)
    if (kind == "Equal-Spacing")
      rows <- c(rows, paste(i, paste(t(cells), collapse = " "), "unweighted",
        sprintf("%.17g,%.17g", found$Unweighted[1], found$Unweighted[2]), sep = ","))
    rows <- c(rows, paste(i, paste(t(cells), collapse = " "), kind,
      sprintf("%.17g,%.17g", found$Weighted[1], found$Weighted[2]), sep = ","))
  }
}
writeLines(c("table,cells,weights,value,standard_error", rows), "kappa.csv")
